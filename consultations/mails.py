"""How every mail to an author is written: subject, plain text and HTML from three templates.

A mail speaks the language its author used, names the public address of this portal, and holds no
picture, style or script that would be fetched from elsewhere.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, Site

from consultations.models import Opinion
from consultations.services.author import secret_of
from portal.core.models import SiteIdentity

# Tells robots that answer mail not to.
HEADERS = {"Auto-Submitted": "auto-generated"}


def send(name: str, opinions: Sequence[Opinion], **context: Any) -> None:
    """Send the mail `name` to the one author of these opinions, in the language of the last one.

    Templates get `opinion` (the last), `page` (its consultation), `own_link`, the author's own
    page, `identity`, and what `context` adds.
    """
    opinion = opinions[-1]
    with translation.override(opinion.language):
        context |= {
            "opinion": opinion,
            "page": opinion.consultation,
            "own_link": link_to_own_page(opinion),
            "identity": _identity(),
        }
        # Titles are typed by people: a line end in one must not begin a header of its own.
        subject = " ".join(_rendered(f"{name}_subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject=subject,
            body=_rendered(f"{name}.txt", context).strip() + "\n",
            to=[opinion.author_email],
            headers=HEADERS,
        )
        html = _rendered(f"{name}.html", context | {"subject": subject})
        message.attach_alternative(html, "text/html")
    message.send()


def public_address(page: Page) -> str:
    """Return the address of a page as the public reaches it."""
    parts = page.get_url_parts()
    return settings.PUBLIC_URL + (parts[2] if parts and parts[2] else "/")


def link_to_own_page(opinion: Opinion) -> str:
    """Return the secret link to the author's own page."""
    return settings.PUBLIC_URL + reverse("opinions:mine", args=[secret_of(opinion)])


def _rendered(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"consultations/mail/{name}", context)


def _identity() -> SiteIdentity:
    site = Site.objects.filter(is_default_site=True).first()
    return SiteIdentity.for_site(site) if site else SiteIdentity()
