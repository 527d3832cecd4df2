"""How static files are named and packed in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed files; hashes are also written into the imports of ES modules."""

    support_js_module_import_aggregation = True
