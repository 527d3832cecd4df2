"""Words that stand in one hidden place each, and the places; beside them stands what is public."""

import random
from itertools import permutations

from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Comment

from consultations.models import AnswerDraft, ReasonTemplate
from decisions.lifecycle import ReviewKind, ReviewResult
from decisions.models import ArchivePage, Review
from decisions.search.sounds import syllables
from portal.core.file_texts.reading import TextState
from portal.core.models import FileText
from tests import factories
from tests.factories.hearings import a_planned_hearing
from tests.factories.review import submitted
from tests.integration.search.attached_files import held

# How many of each kind: two hundred in all.
KINDS = {
    "withheld": 30,
    "waiting": 15,
    "unconfirmed": 15,
    "name": 15,
    "address": 15,
    "hidden": 15,
    "issue": 15,
    "answer": 15,
    "title": 10,
    "article": 10,
    "revision": 15,
    "attached": 10,
    "review": 5,
    "release": 5,
    "note": 5,
    "hearing": 5,
}
# Signs that no public text here has, each beside a common one that sounds the same.
SAME_SOUND = dict(
    zip("岚骐棠璟珂沅翊绥旻蘅邈箴澍琬瑜榕潞", "兰旗堂景科元意随民横秒真树晚鱼容路", strict=True)
)
# What is public, and what somebody may type for it.
TITLE, SLIP = "钰琛湖整治方案", "玉陈湖整治"
SAID, IN_FORCE, ATTACHED = "公开说过的话", "现在公开的条文", "附件里公开的话"


def _made_up():
    chance = random.Random(713)
    words = iter(chance.sample(list(permutations(SAME_SOUND, 3)), sum(KINDS.values())))
    return {
        # An address of e-mail has letters only.
        kind: [f"canary{n:02}" if kind == "address" else "".join(next(words)) for n in range(many)]
        for kind, many in KINDS.items()
    }


BY_KIND = _made_up()
CANARIES = [word for words in BY_KIND.values() for word in words]


def twin(word):
    """Return a word that sounds the same and is written otherwise."""
    return "".join(SAME_SOUND.get(sign, sign) for sign in word)


def letters(word):
    """Return a word as it is typed by its sound."""
    return "".join(syllables(word))


class _Words:
    """Hands out each canary once."""

    def __init__(self):
        self.left = {kind: list(words) for kind, words in BY_KIND.items()}

    def next(self, kind):
        return self.left[kind].pop()


def _opinions(page, words, *, at):
    for _ in range(KINDS["withheld"]):
        factories.a_withheld_opinion(page, text=f"这是{words.next('withheld')}。")
    for _ in range(KINDS["waiting"]):
        factories.an_opinion(page, text=f"这是{words.next('waiting')}。")
        factories.an_unconfirmed_opinion(page, text=f"这是{words.next('unconfirmed')}。")
    for number in range(KINDS["name"]):
        who = {"name": words.next("name"), "email": f"{words.next('address')}@example.com"}
        secret = words.next("hidden")
        shown = factories.a_published_opinion(page, text=f"{SAID}{number}，{secret}。", **who)
        factories.hide(shown, secret, at=at)


def _desk(page, words, *, at):
    for _ in range(KINDS["issue"]):
        issue = factories.an_issue(page, title=words.next("issue"))
        AnswerDraft.objects.create(
            issue=issue,
            outcome="adopted",
            reason=words.next("answer"),
            drafted_by=factories.an_editor(),
            drafted_at=at,
        )
    for number in range(KINDS["note"]):
        note = words.next("note")
        if number % 2:
            Comment.objects.create(
                page=page, user=factories.an_editor(), text=note, contentpath="draft"
            )
        else:
            ReasonTemplate.objects.create(title=f"理由{number}", outcome="adopted", text=note)
    for number in range(KINDS["review"]):
        item = factories.a_matter(title=f"供水价格调整方案{number}")
        Review.objects.create(
            item=item,
            kind=ReviewKind.LEGALITY,
            result=ReviewResult.PENDING,
            conclusion=words.next("review"),
        )
        a_planned_hearing(item, subject=words.next("hearing"))


def _pages(words):
    """Drafts of every kind, below public matters; what is in review has a reviewer's word."""
    for number in range(KINDS["title"] // 2):
        item = factories.a_matter(title=f"城市绿地系统规划{number}")
        article = words.next("article")
        coming = factories.a_draft_round(
            item,
            title=words.next("title"),
            draft=factories.articles(f"应当{article}。"),
            attachments=held(_a_document(words.next("attached"))),
        )
        article = words.next("article")
        factories.a_draft_decision(
            item,
            title=words.next("title"),
            slug=f"decision-{number}",
            text=factories.articles(f"禁止{article}。"),
        )
        state = submitted(coming).current_task_state
        state.comment = words.next("release")
        state.save()


def _in_force(words):
    """Public pages with an edit that nobody published, and with files that not everyone gets."""
    kept_back = [_a_document(words.next("attached")) for _ in range(KINDS["attached"] // 2)]
    page = factories.an_open_round(
        factories.a_matter(title=TITLE),
        draft=factories.articles(f"{IN_FORCE}。"),
        attachments=held(_a_document(ATTACHED)) + held(*kept_back, disclosure="on_request"),
    )
    for number in range(KINDS["revision"]):
        word = words.next("revision")
        edited = (page, page.item)[number % 2]
        edited.title = f"{TITLE}{word}" if number % 4 < 2 else edited.title
        if edited is page:
            edited.draft = factories.articles(f"{IN_FORCE}，{word}。")
            edited.explanation = f"<p>{word}</p>"
        else:
            edited.summary = word
        edited.save_revision(clean=False)


def _a_document(words):
    """A file whose words were taken out, as those of drafts are, too, if anybody asks for it."""
    document = Document(title="风险评估报告")
    document.file.save("report.pdf", ContentFile(words.encode()))
    FileText.objects.create(pk=document.get_file_hash(), pages=[words], state=TextState.WHOLE)
    return document


def build(*, at):
    """Make the archive's page, and a round on which nearly all of it was said; return that."""
    factories.the_home_page().add_child(instance=ArchivePage(title="档案检索", slug="archive"))
    factories.the_consultation_index()
    factories.the_decision_index()
    page = factories.an_open_round(factories.a_matter(title="公共停车设施建设三年行动方案"))
    words = _Words()
    _opinions(page, words, at=at)
    _desk(page, words, at=at)
    _pages(words)
    _in_force(words)
    assert not any(words.left.values())
    return page
