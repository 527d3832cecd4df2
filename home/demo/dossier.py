"""One matter of the demo, led through its procedure by the same verbs that staff use."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from consultations import services
from consultations.blocks import Way, stream_of_ways
from consultations.lifecycle import AdjustmentKind, Channel, Stage, closing_instant
from consultations.models import (
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    Issue,
)
from decisions import services as decision_services
from decisions.lifecycle import ReviewKind, ReviewResult
from decisions.models import DecisionPage
from home.demo.dates import AFTERNOON, OPENING, DemoCalendar, at_time
from home.demo.evaluations import evaluate, lead_to
from home.demo.explaining import DECISION, prepare, publish_explanations
from home.demo.hands import Stagehands
from home.demo.hearings import hear
from home.demo.material import (
    Adjustment,
    Decision,
    Feedback,
    Matter,
    ReviewNote,
    Round,
    SuspensionNote,
    city,
)
from home.demo.past import dated
from home.demo.release import release
from home.demo.texts import decision_ids, draft_ids, paragraphs, printed, stream_of
from home.demo.voices import answer_all, take_in
from portal.accounts.models import Unit
from portal.core.limits import Limits
from portal.core.pages import BasePage
from portal.core.workdays import add_workdays


class Dossier:
    """Writes everything that happened to one matter, oldest first."""

    def __init__(self, matter: Matter, item: DecisionItemPage, hands: Stagehands) -> None:
        """Take the matter and the catalogue entry it has become."""
        self.matter, self.item, self.hands = matter, item, hands

    @property
    def _calendar(self) -> DemoCalendar:
        return self.hands.calendar

    @cached_property
    def full_title(self) -> str:
        """The title of its documents."""
        return self.matter.full_title or city()["full_title_prefix"] + self.matter.title

    def play(
        self, numbers: Mapping[tuple[str, int], str], earlier: DecisionPage | None
    ) -> DecisionPage | None:
        """Lead the matter as far as it has come; return its decision, if there is one.

        Args:
            numbers: consultation number by name of the matter and round.
            earlier: the decision that this matter's decision supersedes.

        """
        if self.matter.drafting is not None:
            self._draft(self.matter.drafting)
        self._hold_rounds(numbers)
        if self.matter.heard:
            hear(self.matter.heard, self.item, self.hands)
        for review in self.matter.reviews:
            self._review(review)
        if self.matter.adjustment and self.matter.adjustment.kind != AdjustmentKind.ADD:
            self.adjust(self.matter.adjustment)
        if self.matter.adjustment and earlier is not None:
            lead_to(self.item, earlier, self.matter.adjustment, self)
        if self.matter.decision is None:
            return None
        decision = self._decide(self.matter.decision, earlier)
        self._look_after(decision)
        return decision

    def _look_after(self, decision: DecisionPage) -> None:
        """Suspend or evaluate a decision that was told to be."""
        if self.matter.suspension:
            self._suspend(self.matter.suspension, decision)
        if self.matter.evaluation:
            evaluate(self.matter.evaluation, decision, self)

    def _hold_rounds(self, numbers: Mapping[tuple[str, int], str]) -> None:
        """Hold the rounds before the decision, one after another."""
        for number, one in enumerate(self.matter.rounds, start=1):
            page = self.page_of(one, number, numbers[self.matter.name, number])
            self.hold(page, one, below=self.item, report=f"{self.full_title}意见采纳情况反馈")

    def _suspend(self, told: SuspensionNote, decision: DecisionPage) -> None:
        from_on = self._calendar.office_day(told.on)
        with dated(at_time(from_on)) as at:
            decision_services.suspend(
                decision=decision,
                from_on=from_on,
                organ=told.organ,
                reason=told.reason,
                by=self.hands.publisher,
                at=at,
            )

    def adjust(self, adjustment: Adjustment) -> None:
        """Record the change of the catalogue that this matter caused."""
        approved_on = self._calendar.office_day(adjustment.on)
        with dated(at_time(approved_on)) as at:
            services.adjust(
                item=self.item,
                kind=AdjustmentKind(adjustment.kind),
                reason=adjustment.reason,
                approved_on=approved_on,
                by=self.hands.publisher,
                at=at,
            )
            if adjustment.kind == AdjustmentKind.ADD:
                release(self.item, self.hands)
                services.publish_item(page=self.item, by=self.hands.publisher, at=at)

    def _draft(self, offset: int) -> None:
        with dated(at_time(self._calendar.office_day(offset))) as at:
            services.advance(item=self.item, to=Stage.DRAFTING, by=self.hands.publisher, at=at)

    def hold(self, page: ConsultationPage, told: Round, *, below: BasePage, report: str) -> None:
        """Open a round, take in what people said, answer it and report.

        Args:
            page: the round, not yet in the tree.
            told: what is told of it.
            below: the matter, or the decision that it asks about.
            report: the title of its adoption summary.

        """
        with dated(at_time(page.opens_on, OPENING)) as at:
            below.refresh_from_db()
            below.add_child(instance=page)
            is_draft = below is self.item
            prepared = (
                prepare(page, self.matter.name, page.round, self.hands, at=at) if is_draft else []
            )
            release(page, self.hands)
            services.open_round(page=page, by=self.hands.publisher, at=at)
            publish_explanations(prepared, self.hands, at=at)
        page = ConsultationPage.objects.get(pk=page.pk)
        opinions = take_in(page, told.opinions, self.hands)
        closed_at = closing_instant(page.closes_on)
        if closed_at > self.hands.now:
            return
        with dated(closed_at) as at:
            services.close_ended_rounds(at=at)
        answer_all(page, told.opinions, opinions, self._answering_time(told, page), self.hands)
        if told.feedback:
            self._report(told.feedback, page, report)

    def _answering_time(self, told: Round, page: ConsultationPage) -> datetime:
        """Return when the answers were given: shortly before the report, if there is one."""
        after_closing = (page.closes_on - self._calendar.today).days + 2
        offset = told.feedback.on - 2 if told.feedback else after_closing
        return min(at_time(self._calendar.office_day(offset), AFTERNOON), self.hands.now)

    def page_of(self, told: Round, number: int, consultation_no: str) -> ConsultationPage:
        """Return the page of a round, not yet in the tree."""
        opens_on = self._calendar.opening_day(told.opens)
        closes_on = self._calendar.office_day(told.closes)
        words = self._words(told, opens_on, closes_on)
        notice = told.notice + city()["notice_ending"]
        return ConsultationPage(
            title=self._draft_title(number),
            slug=f"consultation-{number}",
            live=False,
            summary=self.matter.summary,
            consultation_no=consultation_no,
            round=number,
            opens_on=opens_on,
            closes_on=closes_on,
            shortened_reason=told.shortened_reason.format(**words),
            glance_what=told.glance_what,
            glance_who=told.glance_who,
            glance_ask=told.glance_ask,
            notice=paragraphs(notice.format(**words)),
            draft=stream_of(told.draft, draft_ids(self.matter.name, told.draft)),
            explanation=paragraphs(told.explanation),
            background=paragraphs(told.background.format(**words)),
            contact_unit=self.item.lead_unit.name,
            contact_person=told.office,
            contact_phone=told.phone,
            takes_attachments=told.takes_attachments,
            channels=_channels(told, self.item.lead_unit),
        )

    def _draft_title(self, number: int) -> str:
        if self.matter.draft_title:
            return self.matter.draft_title
        draft = "征求意见稿" if number == 1 else "第二次征求意见稿"
        return f"{self.full_title}（{draft}）"

    def _words(self, told: Round, opens_on: date, closes_on: date) -> dict[str, Any]:
        """Return the days that the texts of a round name."""
        days = {name: self._calendar.day(offset) for name, offset in told.days.items()}
        meetings = {name: self._calendar.office_day(on) for name, on in told.meetings.items()}
        named = days | meetings | {"opens": opens_on, "closes": closes_on}
        words: dict[str, Any] = {name: printed(day) for name, day in named.items()}
        return words | {"period": (closes_on - opens_on).days}

    def _report(self, told: Feedback, page: ConsultationPage, title: str) -> None:
        report = FeedbackReportPage(
            title=title,
            slug="feedback",
            live=False,
            summary=told.summary,
            introduction=told.introduction.strip(),
            next_step=told.next_step,
        )
        with dated(at_time(self._calendar.office_day(told.on, after=page.closes_on))) as at:
            page.add_child(instance=report)
            release(report, self.hands)
            services.publish_feedback(page=report, by=self.hands.publisher, at=at)

    def _review(self, told: ReviewNote) -> None:
        sent_on = self._calendar.office_day(told.sent)
        is_legality = told.kind == ReviewKind.LEGALITY
        with dated(at_time(sent_on)) as at:
            self.item.refresh_from_db()
            decision_services.record_review(
                item=self.item,
                kind=ReviewKind(told.kind),
                result=ReviewResult(told.result),
                number=told.number,
                sent_on=sent_on,
                concluded_on=self._concluded_on(told, sent_on),
                conclusion=told.conclusion,
                by=self.hands.legal if is_legality else self.hands.editor,
                at=at,
            )

    def _concluded_on(self, told: ReviewNote, sent_on: date) -> date | None:
        """Return the day a review ended; holidays do not take the legality review's time."""
        if told.concluded is None:
            return None
        day = self._calendar.office_day(told.concluded)
        if told.kind != ReviewKind.LEGALITY:
            return day
        earliest = add_workdays(sent_on, Limits.legality_workdays, self._calendar.is_workday)
        return max(day, earliest)

    def _decide(self, told: Decision, earlier: DecisionPage | None) -> DecisionPage:
        """Hold the meeting, publish the decision and mark the one it supersedes."""
        held_on = self._calendar.office_day(told.held)
        with dated(at_time(held_on, AFTERNOON)) as at:
            decision_services.decide(
                item=self.item,
                meeting_name=told.meeting,
                held_on=held_on,
                party_report_on=self._calendar.office_day(told.party_report),
                by=self.hands.publisher,
                at=at,
            )
        page = self._decision_page(told)
        with dated(at_time(self._calendar.office_day(told.published))) as at:
            self.item.refresh_from_db()
            self.item.add_child(instance=page)
            prepared = prepare(page, self.matter.name, DECISION, self.hands, at=at)
            release(page, self.hands)
            decision_services.publish_decision(page=page, by=self.hands.publisher, at=at)
            publish_explanations(prepared, self.hands, at=at)
            if earlier is not None:
                earlier.superseded_by, earlier.supersession = page, told.supersession
                release(earlier, self.hands)
                decision_services.publish_decision(page=earlier, by=self.hands.publisher, at=at)
            self._explain(told, page, at=at)
        return DecisionPage.objects.get(pk=page.pk)

    def _explain(self, told: Decision, page: DecisionPage, *, at: datetime) -> None:
        """Record why articles changed, where the answers do not say it."""
        issues = Issue.objects.filter(consultation__in=self.item.rounds())
        for article in page.articles:
            titles = told.causes.get(article.label, [])
            reason = told.own_reasons.get(article.label, "")
            if titles or reason:
                decision_services.explain_change(
                    page=page,
                    article_id=article.id,
                    issues=issues.filter(title__in=titles),
                    own_reason=reason,
                    by=self.hands.publisher,
                    at=at,
                )

    def _decision_page(self, told: Decision) -> DecisionPage:
        signed_on = self._calendar.office_day(told.signed)
        effective_on = self._calendar.day(told.effective)
        expires_on = None if told.expires is None else self._calendar.day(told.expires)
        days = {"effective": printed(effective_on)}
        if expires_on:
            days["expires"] = printed(expires_on)
        last_draft = self.matter.rounds[-1].draft
        ids = decision_ids(
            self.matter.name,
            told.text,
            drafted=draft_ids(self.matter.name, last_draft),
            added=told.added,
            moved=told.moved,
        )
        return DecisionPage(
            title=self.full_title,
            slug="decision",
            live=False,
            summary=told.summary,
            document_no=told.document.format(year=signed_on.year),
            index_no=city()["index_no"].format(year=signed_on.year, serial=told.serial),
            issuer=city()["organ"],
            topic=self.matter.topic,
            signed_on=signed_on,
            effective_on=effective_on,
            expires_on=expires_on,
            introduction=told.introduction.strip(),
            text=stream_of(told.text.format(**days), ids),
        )


def _channels(told: Round, unit: Unit) -> list[dict[str, Any]]:
    """Return the ways to answer besides this site."""
    place = city()
    ways = [
        (Channel.PHONE, told.phone, place["office_hours"]),
        (Channel.FAX, told.fax, ""),
        (
            Channel.EMAIL,
            f"{told.mailbox}@{place['mail_domain']}",
            f"主题写“{told.mail_subject}”",
        ),
        (Channel.POST, f"{place['address']}{unit.name}{told.office}", "以寄出邮戳日期为准"),
        (Channel.ONSITE, place["counter"], "可代为填写"),
    ]
    return stream_of_ways([Way(*way) for way in ways if way[1]])
