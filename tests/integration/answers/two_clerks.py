"""Two people at one desk, in any order, with fresh and with stale screens.

After each act it is told whether it may have happened: nothing is written on a stale screen, each
change is one that the tables allow, and it is in the log with its author.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.lifecycle import (
    ANSWER_TRANSITIONS,
    AnswerState,
    Display,
    Outcome,
    WithheldReason,
)
from consultations.models import ConsultationPage, Issue, Opinion, OpinionPoint, OpinionTally
from consultations.models.figures import figures_of
from consultations.passages import Passage
from portal.accounts.models import User
from portal.core.findings import Refused
from portal.core.versions import Overtaken
from tests import factories
from tests.integration.answers.answering import a_colleague

ACTS = 12  # of one interleaving
PERSON = st.integers(0, 1)
PLACE = st.integers(0, 7)
SHOWABLE = {Display.PENDING, Display.PUBLISHED, Display.PUBLISHED_REDACTED, Display.WITHHELD}
OWN_ACTS = {
    "publish_opinion",
    "withhold_opinion",
    "assign",
    "split_point",
    "join_points",
    "open_issue",
    "merge_issue",
    "draft_answer",
    "review_answer",
    "finalise_answer",
}

Opinions = dict[int, tuple[int, str]]  # version, display
Points = dict[int, tuple[int, int | None]]  # opinion, issue
Issues = dict[int, tuple[int, AnswerState, int | None]]  # version, state, merged into


class Desk:
    """What the tables hold: as somebody sees it on a screen, or as it is now."""

    def __init__(self, page: ConsultationPage) -> None:
        """Read it."""
        opinions = Opinion.norel_objects.filter(consultation=page).order_by("pk")
        self.opinions: Opinions = {
            pk: (version, display)
            for pk, version, display in opinions.values_list("pk", "version", "display")
        }
        points = OpinionPoint.objects.filter(opinion__consultation=page)
        rows = list(points.order_by("opinion_id", "place", "pk"))
        self.points: Points = {one.pk: (one.opinion_id, one.issue_id) for one in rows}
        self.texts: dict[int, str] = {}
        for one in rows:
            self.texts[one.opinion_id] = self.texts.get(one.opinion_id, "") + one.text
        issues = Issue.objects.filter(consultation=page).select_related("draft").order_by("pk")
        self.issues: Issues = {
            one.pk: (one.version, one.answer_state, one.merged_into_id) for one in issues
        }
        self.outcomes = {one.pk: one.outcome for one in issues}

    def facts(self) -> tuple[object, ...]:
        """Return all that an act may change."""
        return self.opinions, self.points, self.issues, self.outcomes, self.texts


class TwoClerks(RuleBasedStateMachine):
    """A few opinions and issues, and two people who act on them."""

    page: ConsultationPage
    people: tuple[User, User]
    done = 0  # acts that went through, over all interleavings

    def __init__(self) -> None:
        """Begin where the test began; what an interleaving writes is taken back at its end."""
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = Desk(self.page)
        self.screens = [self.now, self.now]
        self.written = dict(self.now.texts)
        self.logged = self._last_log()

    def teardown(self) -> None:
        """Compare the public list with the opinions, then take everything back."""
        try:
            kept = OpinionTally.of(self.page.pk)
            services.recount(consultation_id=self.page.pk)
            anew = OpinionTally.of(self.page.pk)
            assert kept.counts == anew.counts
            assert kept.newest_points() == anew.newest_points()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @staticmethod
    def _last_log() -> int:
        newest = ModelLogEntry.objects.order_by("-pk").values_list("pk", flat=True)
        return newest.first() or 0

    def _screen(self, who: int, *, fresh: bool) -> Desk:
        """Return what somebody sees; after a look what is there now."""
        if fresh:
            self.screens[who] = self.now
        return self.screens[who]

    def _act(
        self,
        who: int,
        call: Callable[..., object],
        *,
        is_stale: bool,
        judge: Callable[[Desk, Desk], None],
    ) -> None:
        """Carry an act out and judge what became of it."""
        before = self.now
        try:
            with transaction.atomic():
                call(by=self.people[who], at=timezone.now())
        except (Refused, Overtaken) as refusal:
            was_overtaken = isinstance(refusal, Overtaken)
        else:
            was_overtaken = None
        if was_overtaken is not None:
            assert is_stale or not was_overtaken, "refused a fresh screen as stale"
            after = Desk(self.page)
            assert after.facts() == before.facts(), "a refusal wrote something"
            assert self._new_entries() == []
            return
        assert not is_stale, "an act on a stale screen went through"
        self.now = Desk(self.page)
        entries = self._new_entries()
        assert entries, "nothing in the log"
        assert {entry.user_id for entry in entries} == {self.people[who].pk}
        for entry in entries:
            assert {"before", "after"} <= set(entry.data), entry.action
            assert entry.action.removeprefix("consultations.") in OWN_ACTS
        self.logged = entries[-1].pk
        judge(before, self.now)
        self._judge_changes(before, entries)
        type(self).done += 1

    def _new_entries(self) -> list[ModelLogEntry]:
        return list(ModelLogEntry.objects.filter(pk__gt=self.logged).order_by("pk"))

    def _judge_changes(self, before: Desk, entries: list[ModelLogEntry]) -> None:
        """Let every difference between two moments be one that the tables allow and the log has."""
        told = {(entry.action.removeprefix("consultations."), entry.object_id): entry.data
                for entry in entries}  # fmt: skip
        for pk, (version, display) in self.now.opinions.items():
            was_version, was_display = before.opinions[pk]
            assert version >= was_version
            if display != was_display:
                assert version == was_version + 1
                assert {display, was_display} <= SHOWABLE
                name = "withhold_opinion" if display == Display.WITHHELD else "publish_opinion"
                assert told[name, str(pk)]["before"]["display"] == was_display
                assert told[name, str(pk)]["after"]["display"] == display
        for pk, (version, state, _merged) in self.now.issues.items():
            was = before.issues.get(pk)
            if was is None:
                assert state is AnswerState.OPEN
                assert ("open_issue", str(pk)) in told
                continue
            assert version >= was[0]
            if state is not was[1]:
                assert version > was[0]
                if ("merge_issue", str(pk)) not in told:
                    assert state in ANSWER_TRANSITIONS[was[1]]
        moved = {
            pk for pk, (_opinion, issue) in self.now.points.items()
            if pk in before.points and before.points[pk][1] != issue
        }  # fmt: skip
        assert moved <= {
            point for (name, _pk), data in told.items() if name == "assign"
            for point in data["points"]
        }  # fmt: skip

    # Acts on opinions

    def _opinion(self, screen: Desk, place: int) -> tuple[Opinion, int]:
        pk = list(screen.opinions)[place % len(screen.opinions)]
        return Opinion.norel_objects.get(pk=pk), screen.opinions[pk][0]

    @rule(
        who=PERSON, place=PLACE, fresh=st.booleans(), how=st.sampled_from(["as is", "less", "no"])
    )
    def decide_on_an_opinion(self, who: int, place: int, fresh: bool, how: str) -> None:
        """Show it, show it without some words, or withhold it."""
        opinion, seen = self._opinion(self._screen(who, fresh=fresh), place)

        def call(**who_and_when: object) -> None:
            if how == "as is":
                services.publish_opinion(opinion=opinion, seen=seen, **who_and_when)
            elif how == "less":
                services.redact_opinion(
                    opinion=opinion, passages=[Passage(0, 2)], seen=seen, **who_and_when
                )
            else:
                services.withhold_opinion(
                    opinion=opinion, reason=WithheldReason.ABUSE, seen=seen, **who_and_when
                )

        def judge(_before: Desk, after: Desk) -> None:
            shown = {"as is": "published", "less": "published_redacted", "no": "withheld"}
            assert after.opinions[opinion.pk] == (seen + 1, shown[how])

        stale = self.now.opinions[opinion.pk][0] != seen
        self._act(who, call, is_stale=stale, judge=judge)

    def _point(self, screen: Desk, place: int) -> tuple[OpinionPoint, int, bool]:
        """Return a point, its opinion's version on a screen, and whether that is old."""
        pk = list(screen.points)[place % len(screen.points)]
        opinion, issue = screen.points[pk]
        seen = screen.opinions[opinion][0]
        return (
            OpinionPoint(pk=pk, opinion_id=opinion, issue_id=issue),
            seen,
            self.now.opinions[opinion][0] != seen,
        )

    @rule(who=PERSON, place=PLACE, fresh=st.booleans(), cut=st.integers(1, 9))
    def cut_a_point(self, who: int, place: int, fresh: bool, cut: int) -> None:
        """Cut a point in two, at a character that may be its last."""
        point, seen, stale = self._point(self._screen(who, fresh=fresh), place)
        known = OpinionPoint.objects.filter(pk=point.pk).first()
        parts = [known.text[:cut], known.text[cut:]] if known else ["一", "二"]
        self._act(
            who,
            lambda **w: services.split_point(point=known or point, parts=parts, seen=seen, **w),
            is_stale=stale or known is None,
            judge=lambda before, after: _is_one_more(len(before.points), len(after.points)),
        )

    @rule(who=PERSON, place=PLACE, fresh=st.booleans())
    def join_a_point(self, who: int, place: int, fresh: bool) -> None:
        """Join a point to the one before it."""
        point, seen, stale = self._point(self._screen(who, fresh=fresh), place)
        self._act(
            who,
            lambda **w: services.join_points(point=point, seen=seen, **w),
            is_stale=stale or point.pk not in self.now.points,
            judge=lambda before, after: _is_one_more(len(after.points), len(before.points)),
        )

    # Acts on issues

    def _issue(self, screen: Desk, place: int) -> tuple[Issue, int, bool]:
        """Return an issue, its version on a screen, and whether that is old."""
        pk = list(screen.issues)[place % len(screen.issues)]
        seen = screen.issues[pk][0]
        return Issue.objects.get(pk=pk), seen, self.now.issues[pk][0] != seen

    @rule(who=PERSON, place=PLACE, fresh=st.booleans(), to=PLACE, count=st.integers(1, 3))
    def group_points(self, who: int, place: int, fresh: bool, to: int, count: int) -> None:
        """Group points under an issue, as they stood on a screen."""
        screen = self._screen(who, fresh=fresh)
        issue, _seen, _stale = self._issue(screen, to)
        first = place % len(screen.points)
        ids = list(screen.points)[first : first + count]
        seen = {pk: screen.points[pk][1] for pk in ids}
        stale = any(pk not in self.now.points or self.now.points[pk][1] != seen[pk] for pk in ids)

        def judge(_before: Desk, after: Desk) -> None:
            assert {after.points[pk][1] for pk in ids} == {issue.pk}

        points = [OpinionPoint(pk=pk) for pk in ids]
        self._act(
            who,
            lambda **w: services.assign(points=points, issue=issue, seen=seen, **w),
            is_stale=stale,
            judge=judge,
        )

    @rule(who=PERSON, place=PLACE, fresh=st.booleans())
    def split_an_issue(self, who: int, place: int, fresh: bool) -> None:
        """Take the first point of an issue out into a new one."""
        issue, seen, stale = self._issue(self._screen(who, fresh=fresh), place)
        points = [OpinionPoint(pk=pk) for pk, one in self.now.points.items() if one[1] == issue.pk]
        self._act(
            who,
            lambda **w: services.split_issue(
                issue=issue, points=points[:1], title="拆出的问题", seen=seen, **w
            ),
            is_stale=stale,
            judge=lambda before, after: _is_one_more(len(before.issues), len(after.issues)),
        )

    @rule(who=PERSON, place=PLACE, fresh=st.booleans(), into=PLACE)
    def merge_an_issue(self, who: int, place: int, fresh: bool, into: int) -> None:
        """Merge an issue into another, which may be itself."""
        screen = self._screen(who, fresh=fresh)
        issue, seen, stale = self._issue(screen, place)
        target, _seen, _stale = self._issue(screen, into)

        def judge(_before: Desk, after: Desk) -> None:
            assert after.issues[issue.pk][2] == target.pk

        self._act(
            who,
            lambda **w: services.merge_issues(issue=issue, into=target, seen=seen, **w),
            is_stale=stale,
            judge=judge,
        )

    @rule(
        who=PERSON,
        place=PLACE,
        fresh=st.booleans(),
        act=st.sampled_from(["draft", "review", "finalise"]),
        outcome=st.sampled_from(list(Outcome)),
    )
    def answer_an_issue(
        self, who: int, place: int, fresh: bool, act: str, outcome: Outcome
    ) -> None:
        """Draft its answer, pass the draft, or make it final."""
        issue, seen, stale = self._issue(self._screen(who, fresh=fresh), place)
        drafted = getattr(issue, "draft", None)
        states = {
            "draft": AnswerState.DRAFT,
            "review": AnswerState.REVIEWED,
            "finalise": AnswerState.FINAL,
        }

        def call(**w: object) -> None:
            if act == "draft":
                services.draft_answer(issue=issue, outcome=outcome, reason="理由。", seen=seen, **w)
            elif act == "review":
                services.review_answer(issue=issue, seen=seen, **w)
            else:
                services.finalise_answer(issue=issue, seen=seen, **w)

        def judge(before: Desk, after: Desk) -> None:
            assert after.issues[issue.pk][:2] == (seen + 1, states[act])
            assert states[act] in ANSWER_TRANSITIONS[before.issues[issue.pk][1]]
            if act == "review":
                assert drafted.drafted_by != self.people[who]
            entry = ModelLogEntry.objects.get(pk=self.logged)
            assert entry.data["before"]["state"] == before.issues[issue.pk][1]
            assert entry.data["after"]["state"] == states[act]

        self._act(who, call, is_stale=stale, judge=judge)

    # What holds at every moment

    @invariant()
    def no_word_of_an_author_is_lost(self) -> None:
        """The points of an opinion together are what arrived."""
        assert self.now.texts == self.written

    @invariant()
    def an_outcome_is_final(self) -> None:
        """An issue has an outcome while its answer is final, and one merged has no point."""
        for pk, (_version, state, merged) in self.now.issues.items():
            assert (self.now.outcomes[pk] != "") == (state is AnswerState.FINAL)
            if merged is not None:
                assert all(issue != pk for _opinion, issue in self.now.points.values())

    @invariant()
    def the_figures_add_up(self) -> None:
        """Each opinion has one outcome, unless a point of it has none."""
        figures = figures_of(self.page.pk)
        unanswered = {
            pk: opinion
            for pk, (opinion, issue) in self.now.points.items()
            if issue is None or not self.now.outcomes[issue]
        }
        assert figures.unanswered == len(unanswered)
        waiting = len(set(unanswered.values()))
        assert sum(figures.by_outcome.values()) + waiting == figures.opinions
        assert figures.opinions == len(self.now.opinions)


def _is_one_more(fewer: int, more: int) -> None:
    assert more == fewer + 1


def interleaved(count: int) -> int:
    """Run so many interleavings; return how many acts went through."""
    page = factories.an_open_round()
    for number in range(3):
        factories.an_opinion(page, text=f"第{number}段。\n\n第二段话。", article=number)
    issues = [factories.an_issue(page), factories.an_issue(page, title="另一个")]
    services.assign(
        points=page.opinions.first().points.all(),
        issue=issues[0],
        by=factories.a_clerk(),
        at=timezone.now(),
    )
    TwoClerks.page, TwoClerks.people = page, (factories.a_clerk(), a_colleague())
    TwoClerks.done = 0
    run_state_machine_as_test(
        TwoClerks,
        settings=settings(
            max_examples=count,
            stateful_step_count=ACTS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return TwoClerks.done
