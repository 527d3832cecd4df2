"""What the browser sends from Wagtail's page editor, built from a page."""

from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StructValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from portal.core.publishing import publishing_verb
from tests.factories.review import released


def form_data(page: Page, **changes: Any) -> dict[str, Any]:
    """The fields of a page's editor as they are, with `changes`."""
    form_class = type(page).get_edit_handler().get_form_class()
    data: dict[str, Any] = {}
    for name, value in (model_to_dict(page, form_class._meta.fields) | changes).items():
        field = page._meta.get_field(name)
        if isinstance(field, RichTextField):
            data[name] = rich_text(value)
        elif isinstance(field, StreamField):
            data[name] = streamfield(
                [(one.block_type, _of_block(one.value)) for one in getattr(page, name)]
            )
        elif isinstance(value, list):
            data[name] = [getattr(one, "pk", one) for one in value]
        elif isinstance(value, bool) and not field.choices:
            data |= {name: "on"} if value else {}  # an unticked box sends nothing
        else:
            data[name] = "" if value is None else value
    return nested_form_data(data)


def _of_block(value: Any) -> Any:
    """What is sent of one block of a StreamField."""
    if isinstance(value, RichText):
        return rich_text(value.source)
    if isinstance(value, StructValue):
        return {name: _of_block(one) for name, one in value.items()}
    return value


def publish(client: Client, page: Page, **changes: Any) -> HttpResponse:
    """Press “Publish” in the editor of a page whose text has passed the release review."""
    if publishing_verb(page):
        save_draft(client, page, **changes)
        released(type(page).objects.get(pk=page.pk).get_latest_revision_as_object())
    return publish_unreviewed(client, page, **changes)


def publish_unreviewed(client: Client, page: Page, **changes: Any) -> HttpResponse:
    """Press “Publish” in the editor of a page as it is."""
    data = form_data(page, **changes) | {"action-publish": "action-publish"}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)


def save_draft(client: Client, page: Page, **changes: Any) -> HttpResponse:
    """Press “Save draft” in the editor of a page."""
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(page, **changes), follow=True
    )


def create(client: Client, parent: Page, page: Page, *, publish: bool = True) -> HttpResponse:
    """Press “Publish” (or “Save draft”) in the editor of a page that does not exist yet."""
    data = form_data(page) | ({"action-publish": "action-publish"} if publish else {})
    names = (page._meta.app_label, page._meta.model_name, parent.pk)
    return client.post(reverse("wagtailadmin_pages:add", args=names), data, follow=True)


def said(response: HttpResponse) -> str:
    """The messages at the top of the page that the user sees next."""
    return " ".join(str(message) for message in response.context["messages"])
