"""What the outbox carries out for this app: the mails to authors of opinions."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from consultations.models import Opinion
from consultations.services import new_confirmation_token
from portal.core.outbox import handles


@handles("opinion.received")
def ask_to_confirm(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Send the author the receipt number and a link that asks to confirm.

    The token is made here, so it waits nowhere in the clear; a retry sends a fresh one.
    """
    opinion = (
        Opinion.objects.filter(pk=payload["opinion"], confirmed_at__isnull=True)
        .select_related("consultation")
        .first()
    )
    if opinion is None or not opinion.author_email:
        return
    token = new_confirmation_token(opinion=opinion, at=at)
    link = settings.PUBLIC_URL + reverse("opinions:confirm", args=[token])
    opinion.refresh_from_db(fields=["confirm_by"])
    with translation.override(settings.LANGUAGE_CODE):
        context = {"opinion": opinion, "page": opinion.consultation, "link": link}
        EmailMessage(
            subject=render_to_string("consultations/mail/confirm_subject.txt", context).strip(),
            body=render_to_string("consultations/mail/confirm.txt", context),
            to=[opinion.author_email],
        ).send()
