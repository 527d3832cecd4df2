"""Two units with everything that each of them has, and what nobody else may read of it.

Every text that is not public is a canary: `CANARY-<unit>-<kind>-<what>`, where the kind says who
may read it.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.log_actions import log
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Site,
    Workflow,
    WorkflowTask,
)

from consultations import services
from consultations.lifecycle import AdjustmentKind
from consultations.models import (
    AdjustmentRequest,
    AnswerDraft,
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    Hearing,
    InterpretationPage,
    OpinionAttachment,
    ReasonTemplate,
)
from decisions.lifecycle import ReviewKind, ReviewResult
from decisions.models import (
    ArchivePage,
    CleanupEntry,
    CleanupPage,
    CollectiveDiscussion,
    PastImport,
    Review,
    Suspension,
    SynonymGroup,
)
from portal.accounts.models import Unit, User
from portal.accounts.roles import Role
from portal.core.models import OutboxMessage, WorkCalendarDay
from tests import factories
from tests.factories import evaluations
from tests.factories.files import a_pdf, a_picture
from tests.factories.people import a_member_of_staff

OWN, OTHER = "own", "other"
DRAFT, PRIVATE, PUBLIC = "draft", "private", "public"
STATES = (DRAFT, PRIVATE, PUBLIC)

ANONYMOUS, NO_ROLE, SUPERUSER = "anonymous", "no_role", "superuser"
EDITOR, CLERK = str(Role.UNIT_EDITOR), str(Role.OPINION_MODERATOR)
LEGAL, SECRECY = str(Role.LEGAL_REVIEWER), str(Role.RELEASE_REVIEWER)
PUBLISHER = str(Role.PORTAL_PUBLISHER)
PEOPLE = (ANONYMOUS, NO_ROLE, EDITOR, CLERK, LEGAL, SECRECY, PUBLISHER, SUPERUSER)
OF_A_UNIT = frozenset({EDITOR, CLERK})
STAFF = frozenset({EDITOR, CLERK, LEGAL, SECRECY, PUBLISHER, SUPERUSER})


def canary(unit: str, kind: str, what: str) -> str:
    """A text that only some may read: those who `kind` names, of the unit or of the office."""
    return f"CANARY-{unit}-{kind}-{what}"


@dataclass
class Dossier:
    """What one unit has.

    Attributes:
        pages: a draft, a private and a public round of its public matter.
        files: documents; the draft one was never published, the private one lies in a closed
            collection.
        records: one record of each kind, by the name of its model.

    """

    unit: Unit
    item: DecisionItemPage
    pages: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Document] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """Everybody and everything."""

    people: dict[str, User]
    dossiers: dict[str, Dossier]
    records: dict[str, Any] = field(default_factory=dict)


def build() -> World:
    """Two units below one government, with the staff of the first."""
    own = factories.a_unit("市住房和城乡建设局", "住建局", "housing")
    other = factories.a_unit("市水务局", "水务局", "water")
    office = factories.a_unit("市政府办公室", "政府办", "office")
    government = factories.a_unit("市人民政府", "市政府", "government")
    Unit.objects.exclude(pk=government.pk).update(parent=government)
    people = {
        str(role): a_member_of_staff(role, unit=own if str(role) in OF_A_UNIT else office)
        for role in Role
    }
    people[NO_ROLE] = a_member_of_staff(username="no-role", unit=own)
    people[SUPERUSER] = factories.a_superuser()
    factories.the_consultation_index()
    factories.the_decision_index()
    the_archive()
    dossiers = {OWN: _dossier(own, people), OTHER: _dossier(other, people)}
    world = World(people, dossiers)
    _shared(world)
    return world


def _alone(page: ConsultationPage) -> ConsultationPage:
    """The round with nothing below it, so that its own state alone decides who may delete it."""
    InterpretationPage.objects.child_of(page).delete()
    return ConsultationPage.objects.get(pk=page.pk)


def _dossier(unit: Unit, people: dict[str, User]) -> Dossier:
    at = timezone.now()
    code = unit.code
    writer = a_member_of_staff(Role.UNIT_EDITOR, username=f"writer-{code}", unit=unit)
    item = factories.a_matter(lead_unit=unit, title=f"公开事项{code}")
    one = Dossier(unit, item)
    public = factories.an_open_round(item, takes_attachments=True)
    one.pages = {
        PUBLIC: public,
        PRIVATE: _a_private_round(unit),
        DRAFT: _a_draft_round(item, code),
    }
    one.pages = {state: _alone(page) for state, page in one.pages.items()}
    _files(one, writer)
    for state, page in one.pages.items():
        page.attachments = [("attachment", {"document": one.files[state], "title": ""})]
        page.save()
        ReferenceIndex.create_or_update_for_object(page)
        page.save_revision(user=writer)
    draft = canary(code, "draft", "revision")
    changed = ConsultationPage.objects.get(pk=public.pk)
    changed.title, changed.explanation = draft, f"<p>{draft}</p>"
    changed.save_revision(user=writer)
    one.records["writer"] = writer
    _opinions(one)
    _records(one, people, at=at)
    return one


def _a_draft_round(item: DecisionItemPage, code: str) -> ConsultationPage:
    text = canary(code, "draft", "round")
    page = factories.a_draft_round(item, title=text, explanation=f"<p>{text}</p>")
    log(page, "wagtail.edit", title=text)
    return page


def _a_private_round(unit: Unit) -> ConsultationPage:
    """On a matter of its own; the public site shows it to those who know a password."""
    text = canary(unit.code, "draft", "private")
    item = factories.a_matter(lead_unit=unit, title=f"内部事项{unit.code}")
    page = factories.an_open_round(item, title=text, explanation=f"<p>{text}</p>")
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="nobody-knows-it"
    )
    return page


def _opinions(one: Dossier) -> None:
    code, public = one.unit.code, one.pages[PUBLIC]
    who = {"name": canary(code, "contact", "name"), "email": f"canary-{code}@example.com"}
    shown = factories.a_published_opinion(public, text="公开的意见。", **who)
    withheld = factories.a_withheld_opinion(public, text=canary(code, "withheld", "text"), **who)
    waiting = factories.an_opinion(public, text=canary(code, "withheld", "waiting"), **who)
    factories.an_unconfirmed_opinion(public, text=canary(code, "withheld", "unasked"), **who)
    stored = ContentFile(a_pdf(), name="file")
    one.records["opinionattachment"] = OpinionAttachment.objects.create(
        opinion=withheld,
        file=stored,
        name=canary(code, "withheld", "file.pdf"),
        kind="pdf",
        size=9,
        sha256="0" * 64,
        added_at=timezone.now(),
    )
    one.records["opinion"] = withheld
    one.records["shown"], one.records["waiting"] = shown, waiting
    one.records["point"] = withheld.points.get()


def _records(one: Dossier, people: dict[str, User], *, at: Any) -> None:
    code, public, item = one.unit.code, one.pages[PUBLIC], one.item
    clerk = people[CLERK]
    issue = services.open_issue(
        consultation=public, title=canary(code, "draft", "issue"), article_id="", by=clerk, at=at
    )
    AnswerDraft.objects.create(
        issue=issue,
        outcome="adopted",
        reason=canary(code, "draft", "answer"),
        drafted_by=clerk,
        drafted_at=at,
    )
    secret = canary(code, "draft", "record")
    review = Review.objects.create(
        item=item, kind=ReviewKind.LEGALITY, result=ReviewResult.PENDING, conclusion=secret
    )
    decision = factories.a_draft_decision(item, title=canary(code, "draft", "decision"))
    cleanup = CleanupPage(title=secret, slug=f"cleanup-{code}", organ="市政府", live=False)
    factories.the_decision_index().add_child(instance=cleanup)
    one.records |= {
        "issue": issue,
        "review": review,
        "collectivediscussion": CollectiveDiscussion.objects.create(
            item=item, meeting_name="常务会议", held_on=at.date(), party_report_on=at.date()
        ),
        "decision": decision,
        "call": evaluations.a_draft_call(decision, title=secret, explanation=f"<p>{secret}</p>"),
        "evaluation": evaluations.a_draft_evaluation(decision, title=secret, methods=secret),
        "suspension": Suspension.objects.create(
            decision=decision, from_on=at.date(), organ="市政府", reason=secret
        ),
        "cleanupentry": CleanupEntry.objects.create(
            cleanup=cleanup, decision=decision, reason=secret
        ),
        "hearing": Hearing.objects.create(item=item, place=secret, held_at=at + timedelta(days=40)),
        "adjustmentrequest": AdjustmentRequest.objects.create(
            item=item,
            kind=AdjustmentKind.CHANGE,
            reason=secret,
            requested_by=one.records["writer"],
            requested_at=at,
        ),
        "reasontemplate": ReasonTemplate.objects.create(title=secret, text=secret, unit=one.unit),
    }


def _files(one: Dossier, writer: User) -> None:
    code = one.unit.code
    title = canary(code, "draft", "document")
    closed = Collection.get_first_root_node().add_child(name=f"closed-{code}")
    CollectionViewRestriction.objects.create(
        collection=closed,
        restriction_type=CollectionViewRestriction.PASSWORD,
        password="nobody-knows-it",
    )
    for state, where in ((DRAFT, None), (PRIVATE, closed), (PUBLIC, None)):
        document = Document(
            title="公开附件" if state == PUBLIC else title,
            file=ContentFile(a_pdf(), name=f"{state}-{code}.pdf"),
            uploaded_by_user=writer,
            collection=where or Collection.get_first_root_node(),
        )
        document.save()
        one.files[state] = document
    one.records["image"] = Image.objects.create(
        title=title,
        file=ContentFile(a_picture(), name=f"{code}.jpg"),
        uploaded_by_user=writer,
    )


def the_archive() -> ArchivePage:
    """The page on which the public searches."""
    page = ArchivePage.objects.first()
    home = factories.the_home_page()
    return page or home.add_child(instance=ArchivePage(title="决策档案", slug="archive"))


def _shared(world: World) -> None:
    """What belongs to no unit: the site, its workflow, staff and settings."""
    task = GroupApprovalTask.objects.create(name="保密审查一步")
    task.groups.set(Group.objects.filter(name=str(Role.RELEASE_REVIEWER)))
    workflow = Workflow.objects.create(name="发布审查一组")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    for one in world.dossiers.values():
        page = one.pages[DRAFT]
        state = workflow.start(page, one.records["writer"])
        one.records |= {"workflow_state": state, "task_state": state.current_task_state}
    world.records = {
        "task": task,
        "workflow": workflow,
        "catalogue": CataloguePage.objects.get(),
        "site": Site.objects.get(is_default_site=True),
        "collection": Collection.get_first_root_node(),
        "redirect": Redirect.objects.create(old_path="/old", redirect_link="/new"),
        "group": Group.objects.get(name=str(Role.UNIT_EDITOR)),
        "unit": world.dossiers[OTHER].unit,
        "user": world.people[LEGAL],
        "category": factories.a_category(),
        "outbox": OutboxMessage.objects.order_by("pk").first(),
        "workcalendarday": WorkCalendarDay.objects.create(
            day=timezone.now().date(), is_workday=True, note="调休"
        ),
        "synonymgroup": SynonymGroup.objects.create(terms="停车位\n车位"),
        "root": Page.get_first_root_node(),
        "pastimport": PastImport.objects.create(
            file_name="历史决策.zip",
            row_count=1,
            uploaded_by=world.people[PUBLISHER],
            uploaded_at=timezone.now(),
        ),
    }


# A canary of any kind, or the address of an author.
CANARY = r"CANARY-\w+-\w+-[a-z.]+|canary-\w+@example\.com"


def may_read(person: str, text: str) -> bool:
    """Tell whether somebody may read a canary: a contact a clerk, the rest the unit's staff."""
    is_own = "-housing-" in text or "canary-housing" in text
    if person not in STAFF or (person in OF_A_UNIT and not is_own):
        return False
    is_contact = "-contact-" in text or "@" in text
    return not is_contact or person in {CLERK, SUPERUSER}
