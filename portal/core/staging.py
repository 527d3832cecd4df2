"""Between the preview of something uploaded and its confirmation: kept for its owner, for a day."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.models import Page

from portal.core.models import StagedUpload

if TYPE_CHECKING:
    from portal.accounts.models import User

WAITING_TIME = timedelta(days=1)
LONGEST_NAME = StagedUpload._meta.get_field("file_name").max_length


@transaction.atomic
def stage(
    *, purpose: str, page: Page, content: Any, file_name: str = "", by: "User", at: datetime
) -> StagedUpload:
    """Keep what was read from an upload; it takes the place of the owner's earlier one.

    Args:
        purpose: which screen may find it.
        page: where it will go.
        content: what JSON can hold; it is stored encrypted.
        file_name: for the preview.
        by: its owner.
        at: when its day begins.

    """
    StagedUpload.objects.filter(purpose=purpose, page=page, uploaded_by=by).delete()
    return StagedUpload.objects.create(
        purpose=purpose,
        page=page,
        file_name=file_name[:LONGEST_NAME],
        content=json.dumps(content, ensure_ascii=False),
        uploaded_by=by,
        uploaded_at=at,
    )


def find_staged(
    *, pk: int, purpose: str, page: Page, by: "User", at: datetime
) -> StagedUpload | None:
    """Return an upload to its owner while its day lasts."""
    return StagedUpload.objects.filter(
        pk=pk, purpose=purpose, page=page, uploaded_by=by, uploaded_at__gt=at - WAITING_TIME
    ).first()


def content_of(staged: StagedUpload) -> Any:
    """Return what was kept."""
    return json.loads(staged.content)


def purge_staged_uploads(*, at: datetime) -> int:
    """Remove what nobody confirmed within its day; return how many."""
    count, _by_model = StagedUpload.objects.filter(uploaded_at__lte=at - WAITING_TIME).delete()
    return count
