"""How every mail is written: subject, plain text and HTML from three templates.

A mail speaks the language its reader used, names the public address of this portal, and holds no
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

from consultations.models import Opinion, Subscription
from consultations.services.author import secret_of
from consultations.services.subscription import stop_secret_of
from portal.core.models import SiteIdentity

# Tells robots that answer mail not to.
HEADERS = {"Auto-Submitted": "auto-generated"}


def send(name: str, opinions: Sequence[Opinion], **context: Any) -> None:
    """Send the mail `name` to the one author of these opinions, in the language of the last one.

    Templates get `opinion` (the last), `page` (its consultation), `own_link`, the author's own
    page, `identity`, and what `context` adds.
    """
    opinion = opinions[-1]
    own = {
        "opinion": opinion,
        "page": opinion.consultation,
        "own_link": link_to_own_page(opinion),
    }
    with translation.override(opinion.language):
        _send(name, to=opinion.author_email, context=context | own)


def send_to_follower(
    name: str, subscription: Subscription, *, is_unasked: bool = False, **context: Any
) -> None:
    """Send the mail `name` to a follower, in their language, with one click to stop (RFC 8058).

    Templates get `subscription`, `followed` (in words), `stop_link`, `identity`, and what `context`
    adds.

    Args:
        name: of the templates.
        subscription: who is written to, about what.
        is_unasked: whether anybody who types the address makes us send it; it says nothing then
            that a stranger may have written.
        context: for the templates.

    """
    stop_link = link_to_stop(subscription)
    headers = {
        "List-Unsubscribe": f"<{stop_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    with translation.override(subscription.language):
        followed = subscription.followed_unquoted if is_unasked else subscription.followed
        own = {"subscription": subscription, "followed": followed, "stop_link": stop_link}
        _send(name, to=subscription.email, context=context | own, headers=headers)


def send_to_staff(name: str, *, email: str, language: str, **context: Any) -> None:
    """Send the mail `name` to a member of staff, in the language of their admin.

    Templates get `identity` and what `context` adds.
    """
    with translation.override(language):
        _send(name, to=email, context=context)


def public_address(page: Page) -> str:
    """Return the address of a page as the public reaches it."""
    parts = page.get_url_parts()
    return settings.PUBLIC_URL + (parts[2] if parts and parts[2] else "/")


def link_to_own_page(opinion: Opinion) -> str:
    """Return the secret link to the author's own page."""
    return settings.PUBLIC_URL + reverse("opinions:mine", args=[secret_of(opinion)])


def link_to_stop(subscription: Subscription) -> str:
    """Return the secret link that stops a subscription."""
    return settings.PUBLIC_URL + reverse("subscriptions:stop", args=[stop_secret_of(subscription)])


def _send(
    name: str, *, to: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    """Send a mail in the present language."""
    context |= {"identity": _identity()}
    # Titles are typed by people: a line end in one must not begin a header of its own.
    context |= {"subject": " ".join(_rendered(f"{name}_subject.txt", context).split())}
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=_rendered(f"{name}.txt", context).strip() + "\n",
        to=[to],
        headers=HEADERS | (headers or {}),
    )
    message.attach_alternative(_rendered(f"{name}.html", context), "text/html")
    message.send()


def _rendered(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"consultations/mail/{name}", context)


def _identity() -> SiteIdentity:
    site = Site.objects.filter(is_default_site=True).first()
    return SiteIdentity.for_site(site) if site else SiteIdentity()
