"""The test run: development's defaults, made fast and quiet; the captcha stays the real one."""

import os
import tempfile
from pathlib import Path

for _name, _value in {
    "PUBLIC_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "EMAIL_URL": "memorymail://",
}.items():
    os.environ.setdefault(_name, _value)

from portal.settings import development  # noqa: E402
from portal.settings.development import *  # noqa: E402, F403

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Only a test marked `elasticsearch` is given the engine, under a prefix of its own worker.
TEST_ELASTICSEARCH_URL = development.ELASTICSEARCH_URL
ELASTICSEARCH_URL = ""
ELASTICSEARCH_INDEX_PREFIX = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

TASKS = {"default": {"BACKEND": "tests.services.tasks.WithoutHousekeeping"}}

# Pictures that tests upload do not lie beside those of a portal.
MEDIA_ROOT = Path(tempfile.gettempdir()) / "jianyan-test-media"
