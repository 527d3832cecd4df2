"""The legal rules, each by its id: what it lets through and what it stops."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consultations import compliance  # noqa: F401 - registers the rules
from consultations.compliance.catalogue import CatalogueFacts, EntryFacts
from consultations.compliance.consultation import ConsultationFacts
from consultations.compliance.opinion import HandlingFacts
from consultations.lifecycle import Act, Channel, Outcome
from decisions import compliance as decision_compliance  # noqa: F401 - registers the rules
from decisions.compliance.review import DecisionFacts
from portal.core.findings import RULES, Level, Refused, blockers, findings, require
from portal.core.limits import FeedbackGate, Limits

LIMITS = Limits()
OPENS = date(2026, 9, 1)

CATALOGUE = CatalogueFacts(
    party_consent_on=date(2026, 4, 3),
    entries=(EntryFacts("城市绿地系统规划"),),
    is_released=True,
)
ROUND = ConsultationFacts(
    articles=6,
    has_explanation=True,
    has_background=True,
    opens_on=OPENS,
    closes_on=OPENS + timedelta(days=30),
    shortened_reason="",
    channels=frozenset({Channel.EMAIL, Channel.PHONE}),
    has_contact=True,
    published_on=OPENS,
    is_released=True,
)
RUNNING = replace(ROUND, was_open=True, public_period=(ROUND.opens_on, ROUND.closes_on))
HANDLING = HandlingFacts(
    is_closed=True,
    opinions=3,
    unanswered=0,
    by_outcome={Outcome.ADOPTED: 2, Outcome.NOT_ADOPTED: 1},
    by_channel={Channel.ONLINE: 2, Channel.POST: 1},
    is_released=True,
)
DOSSIER = DecisionFacts(
    is_publication=False,
    unreported_rounds=(),
    unreported_silent_rounds=(),
    legality_number="澜司审示12号",
    legality_sent_on=date(2026, 3, 9),
    legality_on=date(2026, 3, 19),
    meeting_name="市政府第31次常务会议",
    meeting_on=date(2026, 3, 30),
    party_report_on=date(2026, 3, 30),
    signed_on=date(2026, 3, 31),
    published_on=date(2026, 4, 7),
    is_released=True,
)


def ids(act, facts, limits=LIMITS):
    """The rules that forbid an act on these facts."""
    return {finding.id for finding in blockers(act, facts, limits)}


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        (Act.PUBLISH_CATALOGUE, CATALOGUE),
        (Act.PUBLISH_ITEM, CATALOGUE),
        (Act.OPEN_ROUND, ROUND),
        (Act.PUBLISH_FEEDBACK, HANDLING),
        (Act.DECIDE, DOSSIER),
        (Act.PUBLISH_DECISION, replace(DOSSIER, is_publication=True)),
    ],
)
def test_nothing_is_found_when_all_is_in_order(act, facts):
    assert findings(act, facts, LIMITS) == []
    require(act, facts, LIMITS)


def test_every_rule_names_its_source_and_is_asked_at_an_act():
    for rule in RULES.values():
        assert rule.source
        assert rule.acts <= set(Act)


def test_a_refusal_carries_rule_sentence_and_source():
    with pytest.raises(Refused) as refused:
        require(Act.OPEN_ROUND, replace(ROUND, has_background=False), LIMITS)
    (finding,) = refused.value.findings
    assert (finding.id, finding.level, finding.source) == ("CON-1", Level.BLOCK, "713 art. 15")
    assert finding.message in str(refused.value)


# Catalogue


def test_cat_2_the_party_committees_consent_is_dated():
    undated = replace(CATALOGUE, party_consent_on=None)
    assert ids(Act.PUBLISH_CATALOGUE, undated) == {"CAT-2"}
    assert ids(Act.PUBLISH_ITEM, undated) == set()


def test_cat_3_every_entry_is_complete():
    lacking = EntryFacts("公共停车设施建设三年行动方案", missing=("lead unit", "hearing"))
    facts = replace(CATALOGUE, entries=(*CATALOGUE.entries, lacking))
    for act in (Act.PUBLISH_CATALOGUE, Act.PUBLISH_ITEM):
        assert ids(act, facts) == {"CAT-3"}
    (finding,) = blockers(Act.PUBLISH_CATALOGUE, facts, LIMITS)
    assert lacking.name in finding.message
    assert CATALOGUE.entries[0].name not in finding.message


def test_cat_3_a_catalogue_has_entries():
    assert ids(Act.PUBLISH_CATALOGUE, replace(CATALOGUE, entries=())) == {"CAT-3"}


def test_cat_4_a_public_entry_is_not_renamed_silently():
    renamed = EntryFacts("城市绿地系统规划（新）", changed=("title",))
    assert ids(Act.PUBLISH_ITEM, CatalogueFacts(None, (renamed,), is_released=True)) == {"CAT-4"}
    explained = replace(renamed, has_adjustment=True)
    assert ids(Act.PUBLISH_ITEM, CatalogueFacts(None, (explained,), is_released=True)) == set()


# Consultation


@pytest.mark.parametrize(
    "gap", [{"articles": 0}, {"has_explanation": False}, {"has_background": False}]
)
def test_con_1_draft_explanation_and_background_come_together(gap):
    assert ids(Act.OPEN_ROUND, replace(ROUND, **gap)) == {"CON-1"}


@pytest.mark.parametrize(
    ("days", "reason", "found"),
    [
        (30, "", set()),
        (29, "", {"CON-2"}),
        (20, "", {"CON-2"}),
        (20, "  \n", {"CON-2"}),
        (20, "枯水期供水有缺口", set()),
        (0, "枯水期供水有缺口", {"CON-2"}),
        (-1, "", {"CON-2"}),
    ],
)
def test_con_2_thirty_days_or_a_reason(days, reason, found):
    facts = replace(ROUND, closes_on=OPENS + timedelta(days=days), shortened_reason=reason)
    assert ids(Act.OPEN_ROUND, facts) == found


def test_con_2_the_least_length_is_a_setting():
    facts = replace(ROUND, closes_on=OPENS + timedelta(days=20))
    assert ids(Act.OPEN_ROUND, facts, Limits(consultation_days=20)) == set()


@pytest.mark.parametrize(
    "gap",
    [
        {"opens_on": None},
        {"closes_on": None},
        {"has_contact": False},
        {"channels": frozenset()},
        {"channels": frozenset({Channel.EMAIL, Channel.ONLINE})},
    ],
)
def test_con_4_people_know_how_until_when_and_whom_to_ask(gap):
    assert ids(Act.OPEN_ROUND, replace(ROUND, **gap)) == {"CON-4"}


def test_fee_5_no_result_while_people_may_still_write_or_confirm():
    assert ids(Act.PUBLISH_FEEDBACK, replace(HANDLING, is_closed=False)) == {"FEE-5"}
    assert ids(Act.PUBLISH_FEEDBACK, replace(HANDLING, awaited=1)) == {"FEE-5"}


def test_con_2_days_before_the_publication_do_not_count():
    late = replace(ROUND, published_on=OPENS + timedelta(days=1))
    assert ids(Act.OPEN_ROUND, late) == {"CON-2"}
    over = replace(ROUND, published_on=OPENS + timedelta(days=40), shortened_reason="紧急")
    assert ids(Act.OPEN_ROUND, over) == {"CON-2"}
    early = replace(ROUND, published_on=OPENS - timedelta(days=5))
    assert ids(Act.OPEN_ROUND, early) == set()


def test_con_5_the_draft_stays_once_the_round_is_open():
    assert ids(Act.OPEN_ROUND, RUNNING) == set()
    assert ids(Act.OPEN_ROUND, replace(RUNNING, draft_changed=True)) == {"CON-5"}
    assert ids(Act.OPEN_ROUND, replace(ROUND, draft_changed=True)) == set()


def test_con_6_a_published_period_only_grows():
    later, earlier = ROUND.closes_on + timedelta(days=5), ROUND.closes_on - timedelta(days=1)
    reason = "紧急"
    assert ids(Act.OPEN_ROUND, replace(RUNNING, closes_on=later)) == set()
    shorter = replace(RUNNING, closes_on=earlier, shortened_reason=reason)
    assert ids(Act.OPEN_ROUND, shorter) == {"CON-6"}
    moved = replace(RUNNING, opens_on=OPENS - timedelta(days=1))
    assert ids(Act.OPEN_ROUND, moved) == {"CON-6"}


def test_par_1_the_public_takes_part_where_the_catalogue_says_so():
    unheard = replace(DOSSIER, was_consulted=False)
    assert ids(Act.DECIDE, unheard) == {"PAR-1"}
    assert ids(Act.DECIDE, replace(unheard, needs_participation=False)) == set()


# Opinions


def test_opi_1_every_point_has_an_answer():
    assert ids(Act.PUBLISH_FEEDBACK, replace(HANDLING, unanswered=1)) == {"OPI-1"}


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        (Act.PUBLISH_CATALOGUE, CATALOGUE),
        (Act.PUBLISH_ITEM, CATALOGUE),
        (Act.OPEN_ROUND, ROUND),
        (Act.PUBLISH_FEEDBACK, HANDLING),
        (Act.PUBLISH_DECISION, replace(DOSSIER, is_publication=True)),
    ],
)
def test_con_7_nothing_goes_public_before_its_review(act, facts):
    assert ids(act, replace(facts, is_released=False)) == {"CON-7"}


def test_opi_1_a_refusal_has_a_reason():
    facts = replace(HANDLING, without_reason=("降低表决比例",))
    (finding,) = blockers(Act.PUBLISH_FEEDBACK, facts, LIMITS)
    assert finding.id == "OPI-1"
    assert "降低表决比例" in finding.message


def test_opi_1_and_2_three_of_seven_answered():
    facts = HandlingFacts(
        is_closed=True,
        opinions=7,
        unanswered=4,
        by_outcome={Outcome.ADOPTED: 2, Outcome.PARTLY_ADOPTED: 1},
        by_channel={Channel.ONLINE: 5, Channel.EMAIL: 1, Channel.FAX: 1},
        is_released=True,
    )
    assert ids(Act.PUBLISH_FEEDBACK, facts) == {"OPI-1", "OPI-2"}


@pytest.mark.parametrize(
    "figures", [{"opinions": 4}, {"by_outcome": {}}, {"by_channel": {Channel.ONLINE: 2}}]
)
def test_opi_2_outcomes_and_channels_sum_to_the_opinions(figures):
    assert ids(Act.PUBLISH_FEEDBACK, replace(HANDLING, **figures)) == {"OPI-2"}


# Adoption summary


def test_fee_2_the_summary_precedes_the_decision():
    facts = replace(DOSSIER, unreported_rounds=("犬只管理办法（征求意见稿）",))
    assert ids(Act.DECIDE, facts) == {"FEE-2"}
    assert ids(Act.PUBLISH_DECISION, replace(facts, is_publication=True)) == {"FEE-2"}


def test_fee_2_the_office_may_choose_to_publish_both_together():
    together = Limits(feedback_gate=FeedbackGate.WITH_DECISION)
    facts = replace(DOSSIER, unreported_rounds=("犬只管理办法（征求意见稿）",))
    assert ids(Act.DECIDE, facts, together) == set()
    published = replace(facts, is_publication=True)
    assert ids(Act.PUBLISH_DECISION, published, together) == {"FEE-2"}


def test_fee_3_silence_is_reported_too():
    facts = replace(DOSSIER, unreported_silent_rounds=("地名标志设置规范（征求意见稿）",))
    assert ids(Act.DECIDE, facts) == {"FEE-3"}
    assert ids(Act.PUBLISH_DECISION, facts) == {"FEE-3"}


# Reviews and decision


@pytest.mark.parametrize(
    "gap",
    [
        {"legality_number": ""},
        {"legality_on": None},
        {"legality_on": DOSSIER.meeting_on + timedelta(days=1)},
    ],
)
def test_rev_1_legality_is_reviewed_before_the_discussion(gap):
    for act in (Act.DECIDE, Act.PUBLISH_DECISION):
        assert ids(act, replace(DOSSIER, **gap)) == {"REV-1"}


def test_rev_1_an_opinion_of_the_very_day_is_in_time():
    assert ids(Act.DECIDE, replace(DOSSIER, legality_on=DOSSIER.meeting_on)) == set()


@pytest.mark.parametrize(
    "gap", [{"meeting_name": ""}, {"meeting_on": None}, {"party_report_on": None}]
)
def test_dec_1_meeting_and_party_report_are_recorded(gap):
    for act in (Act.DECIDE, Act.PUBLISH_DECISION):
        assert ids(act, replace(DOSSIER, **gap)) == {"DEC-1"}


def test_dec_3_the_decision_links_to_what_became_of_the_opinions():
    facts = replace(DOSSIER, has_public_feedback=False)
    assert ids(Act.PUBLISH_DECISION, facts) == {"DEC-3"}
    assert ids(Act.DECIDE, facts) == set()
    unheard = replace(facts, was_consulted=False, needs_participation=False)
    assert ids(Act.PUBLISH_DECISION, unheard) == set()


@pytest.mark.parametrize(
    "gap",
    [
        {"missing_particulars": ("document number",)},
        {"index_no_taken": True},
        {"signed_on": DOSSIER.published_on + timedelta(days=1)},
    ],
)
def test_dec_5_particulars_are_complete_and_in_order(gap):
    assert ids(Act.PUBLISH_DECISION, replace(DOSSIER, **gap)) == {"DEC-5"}
    assert ids(Act.DECIDE, replace(DOSSIER, **gap)) == set()
