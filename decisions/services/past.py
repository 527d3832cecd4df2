"""Recording past decisions."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.documents.models import Document
from wagtail.log_actions import log

from consultations.lifecycle import Act, Stage, opening_instant
from consultations.models import CatalogueIndexPage, DecisionItemPage, PastDecisionsPage
from consultations.models.item import PROCEDURES
from decisions.models import DecisionPage, PastRecord, RowOutcome
from decisions.past.rows import PastDecision
from decisions.services.past_plan import PlannedPast, fault_noted
from portal.core.blocks import ArticlesBlock, AttachmentsBlock
from portal.core.disclosure import Disclosure
from portal.core.findings import Finding, Level, Refused, require
from portal.core.models import current_limits
from portal.core.uploads.names import clean_name, ending_of
from portal.core.uploads.word import without_authors

if TYPE_CHECKING:
    from portal.accounts.models import User

# Files that are kept and offered beside the text; Markdown is a copy made to be read in.
_ORIGINALS = frozenset({"docx", "pdf"})


def carry_out_row(*, plan: PlannedPast, by: "User | None", at: datetime) -> None:
    """Record what a row says, or note at its plan why that cannot be."""
    if plan.problems:
        return
    with fault_noted(plan):
        try:
            record_past_decision(plan=plan, by=by, at=at)
        except Refused as refused:
            plan.refuse(*(one.message for one in refused.findings))


def record_past_decision(*, plan: PlannedPast, by: "User | None", at: datetime) -> None:
    """Record a past decision from its document, or what has changed in its row; public at once.

    The only way to a matter with a `record_source`. Its procedure is not kept here, so none is
    claimed: no stage is passed, no review and no catalogue is recorded, nobody is written to. The
    rules of `Act.RECORD_PAST_DECISION` hold. A row that says what is on record changes nothing.

    Raises:
        Refused: something stands against the row, or a rule forbids it; nothing is written then.

    """
    said = plan.read.said
    if plan.outcome is RowOutcome.SAME:
        return
    if said is None or plan.text is None or plan.problems:
        raise against(*(sentence for _heading, sentence in plan.problems))
    require(Act.RECORD_PAST_DECISION, plan.facts, current_limits())
    kept: list[Document] = []
    try:
        with transaction.atomic():
            _record(plan, said, kept, by=by, at=at)
    except BaseException:
        # A file is no part of a transaction.
        for document in kept:
            document.file.storage.delete(document.file.name)
        raise


def against(*sentences: str) -> Refused:
    """Return the refusal of what no rule of the checklist forbids, but these sentences."""
    return Refused([Finding("PAST", Level.BLOCK, one, "711 art. 12") for one in sentences])


def _record(
    plan: PlannedPast, said: PastDecision, kept: list[Document], *, by: "User | None", at: datetime
) -> None:
    # One at a time, so that no index number is recorded twice.
    index = CatalogueIndexPage.objects.select_for_update(of=("self",)).first()
    if index is None:
        raise against(_("The site has no page of catalogues to put it below."))
    page = DecisionPage.objects.filter(index_no=said.index_no).order_by("pk").first()
    if (page and page.pk) != (plan.page and plan.page.pk):
        raise against(_("Another import has just recorded this index number."))
    record = PastRecord.objects.filter(decision=page).first() if page else None
    before = _on_record(page) if page else {}
    item = _matter(page, said, index, by=by)
    page = page or DecisionPage(
        slug="decision", live=False, first_published_at=opening_instant(said.published_on)
    )
    _write(page, plan, said)
    digest = hashlib.sha256(plan.content).hexdigest()
    if record is None or record.file_sha256 != digest:
        is_kept = ending_of(said.file) in _ORIGINALS
        originals = [_original(plan, said, kept, by=by)] if is_kept else []
        page.attachments = AttachmentsBlock().to_python(originals)
    if page.pk is None:
        item.add_child(instance=page)
    page.publish_as(by)
    PastRecord.objects.update_or_create(
        decision=page,
        defaults={
            "row_digest": plan.digest,
            "file_name": _file_name(said),
            "file_sha256": digest,
            "revision_id": page.latest_revision_id,
            "recorded_at": at,
        },
    )
    log(
        page,
        "decisions.record_past_decision",
        user=by,
        data={"before": before, "after": _on_record(page)},
        content_changed=True,
        timestamp=at,
    )


def _matter(
    page: DecisionPage | None,
    said: PastDecision,
    index: CatalogueIndexPage,
    *,
    by: "User | None",
) -> DecisionItemPage:
    """Return the matter of a past decision, public and as the row has it."""
    item = page.item if page else DecisionItemPage(live=False, stage=Stage.PUBLISHED)
    item.title, item.topic = said.title, said.topic
    item.lead_unit_id, item.record_source = said.unit, said.source
    if page is None:
        year = _year(said, index, by=by)
        last = DecisionItemPage.objects.child_of(year).aggregate(last=Max("number"))["last"]
        item.number = (last or 0) + 1
        item.slug = f"{item.number:04}"
        # Feeds and lists go by it: what was published long ago is no news.
        item.first_published_at = opening_instant(said.published_on)
        for name in PROCEDURES:
            setattr(item, name, False)
        year.add_child(instance=item)
    item.publish_as(by)
    return item


def _year(said: PastDecision, index: CatalogueIndexPage, *, by: "User | None") -> PastDecisionsPage:
    """Return the page of the year in which a decision was published, made if there is none."""
    year = said.published_on.year
    page = PastDecisionsPage.objects.child_of(index).filter(year=year).first()
    if page is None:
        page = PastDecisionsPage(
            title=f"{year}年历史决策", slug=f"past-{year}", year=year, live=False
        )
        index.add_child(instance=page)
        page.publish_as(by)
    return page


def _write(page: DecisionPage, plan: PlannedPast, said: PastDecision) -> None:
    """Write to a page what a row and its file say."""
    for name in (
        *("title", "index_no", "document_no", "issuer", "topic", "signed_on", "published_on"),
        *("effective_on", "expires_on", "repealed_on", "repeal_basis"),
    ):
        setattr(page, name, getattr(said, name))
    if plan.text is not None:
        page.introduction = plan.text.introduction
        page.text = ArticlesBlock().to_python(plan.text.blocks)


def _original(
    plan: PlannedPast, said: PastDecision, kept: list[Document], *, by: "User | None"
) -> dict[str, Any]:
    """Keep the file, without who wrote it, and return the attachment that offers it.

    The record keeps the digest of the file as it was brought: that is what a row comes with again.
    """
    name, content = _file_name(said), plan.content
    if ending_of(name) == "docx":
        content = without_authors(content)
    document = Document(title=name, uploaded_by_user=by, file_size=len(content))
    document.file.save(name, ContentFile(content), save=False)
    kept.append(document)
    document._set_document_file_metadata()
    document.save()
    value = {"document": document.pk, "title": "原文", "disclosure": Disclosure.ACTIVE.value}
    return {"type": "attachment", "value": value | {"reason": ""}}


def _file_name(said: PastDecision) -> str:
    return clean_name(said.file, ending_of(said.file))


def _on_record(page: DecisionPage) -> dict[str, Any]:
    """Return what the log keeps of a past decision: its numbers and days, no text."""
    days = ("signed_on", "published_on", "effective_on", "expires_on", "repealed_on")
    return {
        "index_no": page.index_no,
        "document_no": page.document_no,
        **{name: str(getattr(page, name) or "") for name in days},
    }
