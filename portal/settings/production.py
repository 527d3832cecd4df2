"""Real use: nothing has a default that could hide a missing value; secrets come from files."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import PUBLIC_URL, STORAGES, env

CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
KEEP_PAGES = env.bool("KEEP_PAGES", default=True)
# What people attach to opinions is laid where it is gone with the process, wherever TMPDIR is.
FILE_UPLOAD_TEMP_DIR = "/tmp"  # noqa: S108 - only the place; Django makes and removes the files
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "portal.storage.StaticStorage"}}

# The proxy ends TLS and says so in this header; it must overwrite what a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SESSION_COOKIE_SECURE = True
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=True)
CSRF_COOKIE_SECURE = True
