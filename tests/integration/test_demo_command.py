"""The command that makes the demo city, and the page that shows its mail."""

from http import HTTPStatus
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.urls import include, path

from decisions.models import ArchiveDossier
from home.demo import views as demo_views
from home.demo.material import city, matters
from tests import factories

pytestmark = pytest.mark.django_db

# The addresses of the portal as they are with DEMO=true.
urlpatterns = [
    path("demo/mail/", demo_views.mail, name="demo-mail"),
    path("", include("portal.urls")),
]


def counts():
    """The number of rows of every table."""
    return {model: model._base_manager.count() for model in apps.get_models()}


@pytest.fixture
def demo_on(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = __name__


def run():
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_a_second_run_changes_nothing(demo_on):
    first = run()
    before = counts()
    second = run()
    assert counts() == before
    assert f"{django_settings.PUBLIC_URL}/" in second
    assert city()["password"] in second
    assert first.endswith(second)
    assert ArchiveDossier.objects.count() == len(matters())


def test_the_command_needs_the_demo_to_be_on():
    with pytest.raises(CommandError, match="DEMO=true"):
        run()


def test_the_command_leaves_a_real_portal_alone(demo_on):
    factories.a_matter()
    before = counts()
    with pytest.raises(CommandError):
        run()
    assert counts() == before


@pytest.fixture
def mail_folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.ROOT_URLCONF = __name__
    return tmp_path


def send(subject, body):
    backend = mail.get_connection("django.core.mail.backends.filebased.EmailBackend")
    EmailMessage(subject, body, to=["wang@example.com"], connection=backend).send()


def test_the_mail_page_shows_mails_newest_first_with_links(mail_folder, client):
    send("请确认您的意见", "回执编号：ZJ-2026-2222-2222\n\nhttp://testserver/opinions/confirm/abc/")
    send("<b>第二封</b>", "一加一小于三：1<3")
    newer = max(mail_folder.iterdir(), key=lambda one: one.stat().st_mtime_ns)
    newer.rename(mail_folder / "29991231-000000-1.log")
    response = client.get("/demo/mail/")
    text = response.content.decode()
    assert 'href="http://testserver/opinions/confirm/abc/"' in text
    assert text.index("第二封") < text.index("请确认您的意见")
    assert "wang@example.com" in text
    assert "&lt;b&gt;第二封" in text
    assert "1&lt;3" in text
    assert "no-store" in response["Cache-Control"]


def test_the_mail_page_without_mail(mail_folder, client):
    assert client.get("/demo/mail/").status_code == HTTPStatus.OK
    assert client.post("/demo/mail/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
