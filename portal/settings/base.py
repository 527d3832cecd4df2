"""What holds wherever the portal runs; every value that may differ is read from the environment.

A variable `NAME` may also be given as `NAME_FILE`, the path of a file that holds it (secrets);
the line end that editors leave in such a file is not part of the secret.
"""

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.core.addresses import addresses_in
from portal.settings.opinions import *  # noqa: F403
from portal.settings.sign_in import *  # noqa: F403
from portal.settings.sign_in import OIDC_APPS, oidc_providers

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = BASE_DIR / "var"

env = environ.FileAwareEnv()


def with_password(url: str, password: str) -> str:
    """Return `url` with its password replaced, so that a secret can live in a file of its own.

    Several addresses, separated by commas, have the same password.
    """
    if not password:
        return url
    return ",".join(_with_password(one, password.strip()) for one in addresses_in(url))


def _with_password(address: str, password: str) -> str:
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    netloc = f"{parts.username or ''}:{quote(password, safe='')}@{place}"
    return urlunsplit(parts._replace(netloc=netloc))


# Address and secrets
SECRET_KEY = env.str("SECRET_KEY").strip()
PERSONAL_DATA_KEYS = [key.strip() for key in env.list("PERSONAL_DATA_KEYS")]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PUBLIC_URL = env.str("PUBLIC_URL").rstrip("/")
# Networks of the proxies before us, whose word about a client's address counts.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
DEBUG = False
DEMO = False
SERVE_MEDIA = False

# Applications
INSTALLED_APPS = [
    "home",
    "decisions",
    "consultations",
    "portal.accounts",
    "portal.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "captcha",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django_comments_xtd",
    "django_comments",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
SITE_ID = 1
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The shared-cache header has to see the cookies that the middleware below it sets; the admin's
# content policy has to be known when the policy middleware above it writes the header.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.open_data.middleware.OpenDataMiddleware",
    "portal.core.revalidation.RevalidationMiddleware",
    "portal.core.page_cache.KeptPagesMiddleware",
    "portal.core.middleware.PublicCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.middleware.AdminContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.sign_in.middleware.StaffSessionMiddleware",
    "portal.accounts.gate.ScopeMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.core.known_site.KnownSiteMiddleware",
    "portal.core.gone.GoneMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.core.context_processors.identity",
                "portal.core.context_processors.preferences",
                "portal.core.context_processors.clock",
                "home.context_processors.navigation",
            ],
        },
    },
]

# Database
# IMMEDIATE takes SQLite's write lock at the start of a transaction, so two writers wait for each
# other instead of failing; ATOMIC_REQUESTS stays off because then every reader would take it too.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA temp_store=MEMORY;"
        "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA journal_size_limit=67108864;"
    ),
}
_database = env.db_url_config(
    with_password(env.str("DATABASE_URL"), env.str("DATABASE_PASSWORD", default=""))
)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = SQLITE_OPTIONS
    _search_backend = "portal.core.search_backend.sqlite"
else:
    _database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    _search_backend = "portal.core.search_backend.postgresql"
DATABASES = {"default": _database}

# Logs go to the console, faults with their traceback, whatever DEBUG says.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "portal.core.discreet_log.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

# Cache, mail, background work
CACHES = {"default": env.cache("CACHE_URL")}
KEEP_PAGES = False  # whether finished public pages are: portal/core/page_cache.py
vars().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Search: Wagtail's own through the database, the archive through Elasticsearch when it is named.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": _search_backend}}
ELASTICSEARCH_URL = with_password(
    env.str("ELASTICSEARCH_URL", default=""), env.str("ELASTICSEARCH_PASSWORD", default="")
)
ELASTICSEARCH_INDEX_PREFIX = env.str("ELASTICSEARCH_INDEX_PREFIX", default="jianyan")

# People
AUTH_USER_MODEL = "accounts.User"
# Whether a password alone opens the administration.
STAFF_MFA_REQUIRED = False
# A session of staff ends when nothing was done in it for so long, and after so long in any case.
STAFF_IDLE_SECONDS = env.int("STAFF_IDLE_MINUTES", default=30) * 60
STAFF_SESSION_SECONDS = env.int("STAFF_SESSION_HOURS", default=10) * 3600
SESSION_COOKIE_AGE = STAFF_SESSION_SECONDS
# The single sign-on of the city (OpenID Connect), when it is named.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_NAME = env.str("OIDC_NAME", default="OpenID Connect")
if OIDC_SERVER_URL:
    INSTALLED_APPS += OIDC_APPS
    SOCIALACCOUNT_PROVIDERS = oidc_providers(
        OIDC_SERVER_URL,
        name=OIDC_NAME,
        client_id=env.str("OIDC_CLIENT_ID"),
        client_secret=env.str("OIDC_CLIENT_SECRET").strip(),
    )
    # Who is let in is told by the address that the sign-on vouches for; nobody sets their own.
    WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
LANGUAGE_COOKIE_NAME = "lang"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# What the public attaches; no address leads there.
PRIVATE_FILES_ROOT = env.path("PRIVATE_FILES_ROOT", default=str(VAR_DIR / "private"))()
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# What a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# Wagtail
WAGTAIL_SITE_NAME = "建言 Jianyan"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# The end of a release review publishes nothing: a verb does, and asks whether it has passed.
WAGTAIL_FINISH_WORKFLOW_ACTION = "portal.core.release.finish.publish_nothing"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# Deadlines are told in one time; offering others would only mislead.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "pdf", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
