"""The step of the image build that packs the static files, on the files as they are."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "unused",
    "PERSONAL_DATA_KEYS": "",
    "ALLOWED_HOSTS": "",
    "PUBLIC_URL": "http://localhost",
    "DATABASE_URL": "sqlite://:memory:",
    "CACHE_URL": "dummycache://",
    "EMAIL_URL": "dummymail://",
}


def test_every_file_that_another_names_is_found_and_hashed(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings\n"
        "from django.core.management import call_command\n"
        "import django\n"
        f"settings.STATIC_ROOT = {str(tmp_path)!r}\n"
        "django.setup()\n"
        "call_command('collectstatic', interactive=False, verbosity=0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    ours = {
        str(path.relative_to(ROOT / "static"))
        for path in (ROOT / "static").rglob("*")
        if path.is_file()
    }
    assert ours <= manifest.keys()
    assert (tmp_path / manifest["css/site.css"]).is_file()
