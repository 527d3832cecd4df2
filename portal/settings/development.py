"""A developer's machine and the demo: every value has a default, none of them is a secret."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PORT = os.environ.get("PORT", "8000")

for _name, _value in {
    "SECRET_KEY": "development-only-and-known-to-everyone-so-never-use-it-elsewhere",
    "PERSONAL_DATA_KEYS": "amlhbnlhbi1kZXZlbG9wbWVudC1rZXktbm90LXNlY3I=",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "PUBLIC_URL": f"http://127.0.0.1:{_PORT}",
    "DATABASE_URL": f"sqlite:///{_ROOT / 'var' / 'portal.sqlite3'}",
    "CACHE_URL": "locmemcache://",
    "EMAIL_URL": f"filemail:///{_ROOT / 'var' / 'mail'}",
}.items():
    os.environ.setdefault(_name, _value)

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import VAR_DIR, env  # noqa: E402

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=not DEMO)
SERVE_MEDIA = True
# Browsers make passkeys for http://localhost, too.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Static files are taken where they lie, without a collected copy.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
VAR_DIR.mkdir(exist_ok=True)
