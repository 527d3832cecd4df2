"""Every address of the portal; whatever no line here claims belongs to the page tree."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve as serve_page

from consultations.feeds import ClosingSoonFeed, ConsultationsFeed, calendar
from decisions.feeds import ResultsFeed
from decisions.search.health import search_state
from home.views import set_preferences
from portal.accounts.sign_in.urls import admin_patterns as sign_in_admin_patterns
from portal.api import api
from portal.core.views import healthz, readyz, robots
from portal.interface import page as interface

# Each feed tells of all units, or of the one whose code its address ends in.
feed_patterns = [
    pattern
    for feed in (ConsultationsFeed, ClosingSoonFeed, ResultsFeed)
    for pattern in (
        path(f"{feed.slug}/", feed(), name=feed.slug),
        path(f"{feed.slug}/<slug:unit>/", feed(), name=feed.slug),
    )
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, {"search_state": search_state}, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("staff/", include("portal.accounts.sign_in.urls")),
    path("admin/", include(sign_in_admin_patterns)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("captcha/", include("portal.core.captcha")),
    path("feeds/", include((feed_patterns, "feeds"))),
    path("open-data/api/", interface, name="interface"),
    path("open-data/", include("decisions.open_data_urls")),
    path("calendar/<int:page_id>.ics", calendar, name="calendar"),
    path("opinions/", include("consultations.urls")),
    path("subscriptions/", include("consultations.subscription_urls")),
    path("prefs/", set_preferences, name="preferences"),
    path("api/v1/", api.urls),
]

if settings.DEMO:
    # Imported here, so that a real portal does not even load it.
    from home.demo.views import mail

    urlpatterns.append(path("demo/mail/", mail, name="demo-mail"))

if settings.SERVE_MEDIA:
    # Pictures only, as in deploy/Caddyfile: documents have an address that asks who may have them.
    pictures = {"document_root": f"{settings.MEDIA_ROOT}/images"}
    urlpatterns.append(path("media/images/<path:path>", serve, pictures))

# Data beside a page, as `…/decision/redline/changes.csv`: Wagtail's own pattern has no dots.
beside_a_page = r"^((?:[\w-]+/)+[\w-]+\.(?:csv|json|zip))$"
urlpatterns.append(re_path(beside_a_page, serve_page, name="page_data"))
urlpatterns.append(path("", include(wagtail_urls)))
