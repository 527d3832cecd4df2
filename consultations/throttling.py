"""How many opinions may come from one network, by one address of e-mail, and on one consultation.

Every attempt counts for its network; mailboxes and consultations count what was taken in, so that
nobody can use up another's share without solving captchas.
"""

from datetime import datetime

from django.http import HttpRequest

from consultations.models import ConsultationPage
from portal.core.client_address import daily_digest, network_digest
from portal.core.throttle import Act, Verdict, count, foresee


def before_writing(request: HttpRequest, page: ConsultationPage, *, at: datetime) -> Verdict:
    """Judge what the next attempt will be asked for, so that the form asks for it at once."""
    network = network_digest(request, at=at)
    return foresee(Act.OPINION_FROM_NETWORK, network, at=at) | _on(page, at=at)


def keep_draft(request: HttpRequest, *, at: datetime) -> Verdict:
    """Count the keeping of what is being written."""
    return count(Act.OPINION_DRAFT, network_digest(request, at=at), at=at)


def attach_file(request: HttpRequest, *, at: datetime) -> Verdict:
    """Count a file that is to go along, before it is looked through."""
    return count(Act.OPINION_FILE, network_digest(request, at=at), at=at)


def without_digits(request: HttpRequest, email: str, *, at: datetime) -> Verdict:
    """Count a sending without digits; beyond the limit the digits are asked all the same.

    Without digits a program could have us write to a mailbox that is not its own.
    """
    network = count(Act.OPINION_WITHOUT_DIGITS, network_digest(request, at=at), at=at)
    return network | count(Act.MAILBOX_WITHOUT_DIGITS, mailbox_digest(email, at=at), at=at)


def another_picture(request: HttpRequest, page: ConsultationPage, *, at: datetime) -> Verdict:
    """Count a wish for another picture by somebody without a script."""
    network = network_digest(request, at=at)
    return count(Act.CAPTCHA_NEW, network, at=at) | before_writing(request, page, at=at)


def attempt(request: HttpRequest, page: ConsultationPage, email: str, *, at: datetime) -> Verdict:
    """Count an attempt to send an opinion, and judge it before anything is read or stored."""
    network = count(Act.OPINION_FROM_NETWORK, network_digest(request, at=at), at=at)
    mailbox = foresee(Act.OPINION_BY_EMAIL, mailbox_digest(email, at=at), at=at)
    return network | mailbox | _on(page, at=at)


def taken_in(page: ConsultationPage, email: str, *, at: datetime) -> None:
    """Count an opinion that was stored."""
    count(Act.OPINION_BY_EMAIL, mailbox_digest(email, at=at), at=at)
    count(Act.OPINION_ON_CONSULTATION, str(page.pk), at=at)


def mailbox_digest(email: str, *, at: datetime) -> str:
    """Return today's keyed digest of a mailbox, whatever its capitals and what follows a plus."""
    name, at_sign, host = email.strip().casefold().rpartition("@")
    return daily_digest("mailbox", f"{name.partition('+')[0]}@{host}", at=at) if at_sign else ""


def _on(page: ConsultationPage, *, at: datetime) -> Verdict:
    return foresee(Act.OPINION_ON_CONSULTATION, str(page.pk), at=at)
