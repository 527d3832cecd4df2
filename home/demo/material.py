"""What the demo's data files say, as typed records; pure, no database."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Voice:
    """One opinion and, where it has one, the answer to it.

    Attributes:
        channel: a `Channel` value.
        text: what was said.
        name: who said it; empty for people who gave no name.
        shows_name: whether the name may be shown.
        stance: a `Stance` value, or the empty string.
        article: the article it speaks to, as printed, or the empty string for the whole draft.
        on: the day it came, as an offset; spread over the round when missing.
        display: published, redacted, withheld, private or pending.
        hidden: words of the text that are hidden when redacted.
        withheld_reason: a `WithheldReason` value.
        issue: title of the issue it opens; empty while nobody has sorted it.
        same_issue_as: number of the earlier opinion, from 1, whose issue it shares.
        outcome: an `Outcome` value, or the empty string while unanswered.
        reason: why.
        change: what changes in the draft.

    """

    channel: str
    text: str
    name: str = ""
    shows_name: bool = False
    stance: str = ""
    article: str = ""
    on: int | None = None
    display: str = "published"
    hidden: tuple[str, ...] = ()
    withheld_reason: str = ""
    issue: str = ""
    same_issue_as: int | None = None
    outcome: str = ""
    reason: str = ""
    change: str = ""


@dataclass(frozen=True)
class Feedback:
    """An adoption summary, published on the day `on`."""

    on: int
    summary: str
    introduction: str
    next_step: str


@dataclass(frozen=True)
class Round:
    """One consultation; `days` and `meetings` are offsets that its texts name in braces."""

    opens: int
    closes: int
    office: str
    phone: str
    mailbox: str
    mail_subject: str
    glance_what: str
    glance_who: str
    glance_ask: str
    notice: str
    background: str
    explanation: str
    draft: str
    shortened_reason: str = ""
    fax: str = ""
    takes_attachments: bool = False
    days: dict[str, int] = field(default_factory=dict)
    meetings: dict[str, int] = field(default_factory=dict)
    opinions: tuple[Voice, ...] = ()
    feedback: Feedback | None = None


@dataclass(frozen=True)
class HearingNote:
    """A hearing; days are offsets, those missing have not come yet.

    Attributes:
        notice: the day of its notice.
        held: its day, and `hour` the hour.
        people: who takes part: name, as what, whether affected.
        draft_came_later: the published reason why the draft followed the notice, if it did.

    """

    notice: int
    held: int
    place: str
    subject: str
    selection: str
    chair: str
    hour: int = 9
    observers: int = 0
    apply_until: int | None = None
    participants: int | None = None
    materials: int | None = None
    people: tuple[tuple[str, str, bool], ...] = ()
    conclusion: str = ""
    draft_came_later: str = ""


@dataclass(frozen=True)
class ReviewNote:
    """One review: offsets of its days, and how it ended."""

    kind: str
    result: str
    sent: int
    concluded: int | None = None
    number: str = ""
    conclusion: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision; all days are offsets.

    Attributes:
        added: articles of its text, as printed, that the draft did not have.
        moved: article of its text to article of the draft, where their numbers differ.
        causes: article of its text to the issues that changed it, where they speak to another.
        own_reasons: article of its text to why the organ changed it of its own motion.
        supersession: what it did to the earlier decision its matter supersedes.

    """

    document: str
    serial: int
    meeting: str
    held: int
    party_report: int
    signed: int
    published: int
    effective: int
    summary: str
    text: str
    expires: int | None = None
    introduction: str = ""
    supersession: str = ""
    added: tuple[str, ...] = ()
    moved: dict[str, str] = field(default_factory=dict)
    causes: dict[str, list[str]] = field(default_factory=dict)
    own_reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EvaluationNote:
    """The evaluation of a decision, with the call for opinions held for it; days are offsets."""

    began: int
    published: int
    evaluator: str
    basis: str
    methods: str
    summary: str
    report: str
    outcome: str
    outcome_reason: str
    call: Round


@dataclass(frozen=True)
class SuspensionNote:
    """A suspension of the decision from the day `on`."""

    on: int
    organ: str
    reason: str


@dataclass(frozen=True)
class Cleanup:
    """A clean-up of documents; `results` holds outcome and reason by the name of the matter."""

    started: int
    published: int
    title: str
    summary: str
    organ: str
    basis: str
    introduction: str
    results: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Adjustment:
    """A change of the published catalogue, on the day `on`."""

    kind: str
    on: int
    reason: str


@dataclass(frozen=True)
class Matter:
    """One matter with everything that happened to it."""

    name: str
    title: str
    catalogue: str
    number: int
    category: int
    topic: str
    lead: str
    planned: int
    hearing: bool
    procedures: tuple[str, ...]
    summary: str
    legal_basis: str
    full_title: str = ""
    draft_title: str = ""
    co: tuple[str, ...] = ()
    drafting: int | None = None
    supersedes: str = ""
    adjustment: Adjustment | None = None
    rounds: tuple[Round, ...] = ()
    heard: HearingNote | None = None
    reviews: tuple[ReviewNote, ...] = ()
    decision: Decision | None = None
    evaluation: EvaluationNote | None = None
    suspension: SuspensionNote | None = None


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _round(data: dict[str, Any]) -> Round:
    voices = tuple(Voice(**voice) for voice in data.pop("opinions", ()))
    feedback = Feedback(**data.pop("feedback")) if "feedback" in data else None
    return Round(**data, opinions=voices, feedback=feedback)


def _matter(path: Path) -> Matter:
    data = _read(path)
    for name in ("procedures", "co"):
        data[name] = tuple(data.get(name, ()))
    data["rounds"] = tuple(_round(one) for one in data.get("rounds", ()))
    data["reviews"] = tuple(ReviewNote(**one) for one in data.get("reviews", ()))
    if "heard" in data:
        people = tuple(tuple(one) for one in data["heard"].pop("people", ()))
        data["heard"] = HearingNote(**data["heard"], people=people)
    if "adjustment" in data:
        data["adjustment"] = Adjustment(**data["adjustment"])
    if "decision" in data:
        data["decision"] = Decision(**data["decision"])
    if "evaluation" in data:
        # People are asked about the text of the decision.
        call = _round({"draft": "", **data["evaluation"].pop("call")})
        data["evaluation"] = EvaluationNote(**data["evaluation"], call=call)
    if "suspension" in data:
        data["suspension"] = SuspensionNote(**data["suspension"])
    return Matter(name=path.stem, **data)


@cache
def matters() -> tuple[Matter, ...]:
    """Return every matter, in the order of the files' names."""
    return tuple(_matter(path) for path in sorted((_HERE / "matters").glob("*.toml")))


@cache
def city() -> dict[str, Any]:
    """Return the city: its units, accounts, catalogues and the words common to all matters."""
    return _read(_HERE / "city.toml")


@cache
def pages() -> dict[str, Any]:
    """Return the texts of the pages that belong to no matter."""
    return _read(_HERE / "pages.toml")


@cache
def synonyms() -> tuple[tuple[str, ...], ...]:
    """Return the groups of words of equal meaning that the archive knows."""
    return tuple(tuple(group) for group in _read(_HERE / "synonyms.toml")["groups"])


@cache
def cleanups() -> tuple[Cleanup, ...]:
    """Return the clean-ups of documents."""
    return tuple(Cleanup(**one) for one in _read(_HERE / "cleanups.toml")["cleanups"])
