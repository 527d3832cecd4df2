"""The files that go along with what somebody is writing: kept as soon as they arrive.

So an error anywhere else in the form loses none of them; a browser would not send them again.
"""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from consultations import services, throttling
from consultations.models import ConsultationPage, OpinionAttachment
from consultations.written import Written
from portal.core.uploads import UploadRefused

# Digits of the largest id there can be.
LONGEST_ID = 18


def attached(page: ConsultationPage, secret: str, *, at: datetime) -> list[OpinionAttachment]:
    """Return the files of the draft that a secret opens, in the order in which they came."""
    if not page.takes_attachments or not secret:
        return []
    draft = services.find_draft(consultation=page, secret=secret, at=at)
    return list(draft.attachments.all()) if draft else []


def take_files(
    request: HttpRequest, page: ConsultationPage, secret: str, written: Written, *, at: datetime
) -> list[str]:
    """Remove the file whose button was pressed and keep those that were chosen.

    Returns:
        What was wrong, a sentence for each file that was not taken.

    """
    uploads, unwanted = request.FILES.getlist("files"), request.POST.get("detach", "")
    if not uploads and not unwanted:
        return []
    # A draft has to be there before it can have files.
    services.keep_draft(consultation=page, secret=secret, written=written, at=at)
    draft = services.find_draft(consultation=page, secret=secret, at=at)
    if draft is None:
        return [_("Your text is too long to be kept with files. Shorten it, then attach them.")]
    if unwanted.isdecimal() and len(unwanted) <= LONGEST_ID:
        services.detach(draft=draft, attachment_id=int(unwanted))
    wrong: list[str] = []
    for upload in uploads:
        if throttling.attach_file(request, at=at).retry_at is not None:
            return [*wrong, _("Very many files came from your network. Try again in an hour.")]
        try:
            services.attach(draft=draft, upload=upload, at=at)
        except UploadRefused as refused:
            wrong.append(str(refused))
    return list(dict.fromkeys(wrong))
