"""Every address of the portal; whatever no line here claims belongs to the page tree."""

from captcha import views as captcha_views
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from home.views import set_preferences
from portal.core.views import healthz, readyz, robots

# The package's own patterns, without the audio that needs a program of the system, and with the
# header that keeps shared caches from handing one reader's question to another.
captcha_patterns = [
    re_path(
        r"^image/(?P<key>\w+)/$",
        never_cache(captcha_views.captcha_image),
        name="captcha-image",
        kwargs={"scale": 1},
    ),
    re_path(
        r"^image/(?P<key>\w+)@2/$",
        never_cache(captcha_views.captcha_image),
        name="captcha-image-2x",
        kwargs={"scale": 2},
    ),
    path("refresh/", never_cache(captcha_views.captcha_refresh), name="captcha-refresh"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("captcha/", include(captcha_patterns)),
    path("opinions/", include("consultations.urls")),
    path("prefs/", set_preferences, name="preferences"),
]

if settings.DEMO:
    # Imported here, so that a real portal does not even load it.
    from home.demo.views import mail

    urlpatterns.append(path("demo/mail/", mail, name="demo-mail"))

if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}))

urlpatterns.append(path("", include(wagtail_urls)))
