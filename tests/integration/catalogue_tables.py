"""The table of a catalogue as a browser fetches and sends it."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from consultations import services
from consultations.lifecycle import official_date
from consultations.models import DecisionItemPage
from consultations.viewsets.catalogue_rows import table_of


def signed_in(user) -> Client:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    client = Client()
    client.force_login(user)
    return client


def url(name, catalogue, *more):
    return reverse(name, args=[catalogue.pk, *more])


def as_sent(catalogue):
    """What the browser sends of an untouched table."""
    table = table_of(catalogue, services.as_saved(catalogue))
    sent = {
        f"rows-{name}": value
        for name, value in {
            "TOTAL_FORMS": table.total_form_count(),
            "INITIAL_FORMS": table.initial_form_count(),
        }.items()
    }
    for form in table.forms:
        for field in form:
            value = field.value()
            sent[field.html_name] = "" if value is None else value
    return sent


def send(client, catalogue, **changes):
    data = as_sent(catalogue) | {f"rows-{key}": value for key, value in changes.items()}
    return client.post(url("catalogue_table", catalogue), data, follow=True)


def save(client, catalogue, sent, **changes):
    data = sent | {f"rows-{key}": value for key, value in changes.items()}
    return client.post(url("catalogue_table", catalogue), data, follow=True)


def latest(item):
    return DecisionItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()


def today():
    return official_date(timezone.now()).isoformat()
