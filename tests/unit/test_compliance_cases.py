"""Each rule of the checklist by its id: a case it lets through and a case it stops or warns of.

One line is one case, as a lawyer would put it. "blocks" forbids the act, "warns" lets it pass with
a reason, "shows" only tells; "met" says nothing. V01 to V10 are the violations that the office handed over.
"""

# ruff: noqa: E501 - one line is one case

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consultations import compliance  # noqa: F401 - registers the rules
from consultations.compliance.catalogue import CatalogueFacts, EntryFacts
from consultations.compliance.consultation import ConsultationFacts
from consultations.compliance.display import ShownFacts
from consultations.compliance.hearing import HearingFacts
from consultations.compliance.interpretation import InterpretationFacts, Uninterpreted
from consultations.compliance.matter import MatterFacts, RoundFacts
from consultations.compliance.opinion import HandlingFacts
from consultations.compliance.site import SiteFacts
from consultations.lifecycle import Act, Channel, Outcome, WithheldReason
from decisions import compliance as decision_compliance  # noqa: F401 - registers the rules
from decisions.compliance.cleanup import CleanupEntryFacts, CleanupFacts
from decisions.compliance.evaluation import EvaluationFacts
from decisions.compliance.past import PastImportFacts
from decisions.compliance.review import DecisionFacts
from portal.core.findings import RULES, Level, Refused, findings, require
from portal.core.limits import Limits
from portal.core.workdays import add_workdays

LIMITS = Limits()


def on(text):
    """A day of 2026, written like 09-01."""
    return date.fromisoformat(f"2026-{text}")


def but(facts, **changes):
    return replace(facts, **changes)


# Everything in order, for each kind of facts.
CATALOGUE = CatalogueFacts(on("04-03"), (EntryFacts("城市绿地系统规划"),), is_released=True)
RENAMED = EntryFacts("城市绿地系统规划（新）", changed=("title",))
ROUND = ConsultationFacts(
    articles=6,
    has_explanation=True,
    has_background=True,
    opens_on=on("09-01"),
    closes_on=on("10-01"),
    shortened_reason="",
    channels=frozenset({Channel.EMAIL, Channel.PHONE}),
    has_contact=True,
    published_on=on("09-01"),
    is_released=True,
)
RUNNING = but(ROUND, was_open=True, public_period=(ROUND.opens_on, ROUND.closes_on))
EXPLAINED = but(ROUND, shortened_reason="枯水期供水有缺口")
HEARING = HearingFacts(
    today=on("08-01"),
    held_on=on("10-12"),
    notice_on=on("09-01"),
    draft_on=on("09-01"),
    participants_on=on("10-01"),
    materials_on=on("10-02"),
    participants=20,
    affected=12,
)
EVALUATION = EvaluationFacts(is_released=True)
SHOWN = ShownFacts("建议标注过敏原。", author_name="陶婉清")
HANDLING = HandlingFacts(
    is_closed=True,
    opinions=3,
    unanswered=0,
    by_outcome={Outcome.ADOPTED: 2, Outcome.NOT_ADOPTED: 1},
    by_channel={Channel.ONLINE: 2, Channel.POST: 1},
    is_released=True,
)
THREE_OF_SEVEN = but(
    HANDLING, opinions=7, unanswered=4, by_channel={Channel.ONLINE: 5, Channel.FAX: 2}
)
CLOSED = RoundFacts("犬只管理办法（征求意见稿）", on("03-02"), on("04-01"), reported_on=on("04-20"))
INTERPRETED = but(CLOSED, interpreted_on=CLOSED.opens_on)
UNINTERPRETED = CLOSED
MATTER = MatterFacts(today=on("05-29"), planned_by=on("12-31"), rounds=(CLOSED,))
UNREPORTED = but(MATTER, rounds=(but(CLOSED, reported_on=None),))
DOSSIER = DecisionFacts(
    is_publication=False,
    today=on("03-30"),
    unreported_rounds=(),
    unreported_silent_rounds=(),
    legality_number="澜司审示12号",
    legality_sent_on=on("03-09"),
    legality_on=on("03-19"),
    meeting_name="市政府第31次常务会议",
    meeting_on=on("03-30"),
    party_report_on=on("03-30"),
)
DECISION = but(
    DOSSIER,
    is_publication=True,
    is_released=True,
    signed_on=on("04-01"),
    published_on=on("04-08"),
    effective_on=on("05-01"),
)
PUBLIC = but(DECISION, is_public=True, interpreted_on=on("04-08"), today=on("05-29"))
UNPUBLISHED = but(DECISION, published_on=None, today=on("04-08"))
PAST_IMPORT = PastImportFacts(changes=1, uploaded_by=1, confirmed_by=2)
# Of a past decision nothing of the procedure is known.
PAST = but(
    DECISION,
    legality_number="",
    legality_on=None,
    meeting_name="",
    meeting_on=None,
    party_report_on=None,
    was_consulted=False,
    has_public_feedback=False,
    is_past_record=True,
    procedure_since=on("05-20"),
    today=on("05-29"),
)
CLEANUP = CleanupFacts(
    entries=(
        CleanupEntryFacts("充电", "keep"),
        CleanupEntryFacts("电梯", "amend", has_reason=True),
        CleanupEntryFacts("单车", "repeal", has_reason=True, effective_on=on("06-01")),
    ),
    published_on=on("06-01"),
    is_released=True,
)
SITE = SiteFacts(
    today=on("09-01"),
    catalogue_years=frozenset({2026}),
    first_act_on=date(2025, 1, 1),
    log_since=date(2025, 1, 1),
)

CASES = [
    # rule, the case, when it is asked, what is on record, what the rule does
    ("CAT-1", "目录在6月30日前公布", Act.WATCH_SITE, SITE, "met"),
    ("CAT-1", "7月1日仍未公布", Act.WATCH_SITE, but(SITE, today=on("07-01"), catalogue_years=frozenset()), "warns"),
    ("CAT-1", "6月30日当天还不算迟", Act.WATCH_SITE, but(SITE, today=on("06-30"), catalogue_years=frozenset()), "met"),
    ("CAT-2", "已填同级党委同意日期", Act.PUBLISH_CATALOGUE, CATALOGUE, "met"),
    ("CAT-2", "未填同级党委同意日期", Act.PUBLISH_CATALOGUE, but(CATALOGUE, party_consent_on=None), "blocks"),
    ("CAT-3", "事项要素齐全", Act.PUBLISH_ITEM, CATALOGUE, "met"),
    ("CAT-3", "事项没有写是否听证", Act.PUBLISH_ITEM, but(CATALOGUE, entries=(EntryFacts("停车", missing=("听证",)),)), "blocks"),
    ("CAT-4", "改名并有调整记录", Act.PUBLISH_ITEM, but(CATALOGUE, entries=(but(RENAMED, has_adjustment=True),)), "met"),
    ("CAT-4", "V08 事项改名但无调整记录", Act.PUBLISH_ITEM, but(CATALOGUE, entries=(RENAMED,)), "blocks"),
    ("CAT-5", "计划时间未到", Act.WATCH_MATTER, MATTER, "met"),
    ("CAT-5", "计划时间已过仍未决策", Act.WATCH_MATTER, but(MATTER, planned_by=on("05-28")), "warns"),
    ("CAT-5", "已暂缓，不再催", Act.WATCH_MATTER, but(MATTER, planned_by=on("05-28"), is_set_aside=True), "met"),
    ("CON-1", "草案、说明、背景齐备", Act.OPEN_ROUND, ROUND, "met"),
    ("CON-1", "V02 有草案和说明，缺决策背景", Act.OPEN_ROUND, but(ROUND, has_background=False), "blocks"),
    ("CON-2", "三十日", Act.OPEN_ROUND, ROUND, "met"),
    ("CON-2", "V01 二十日，未写理由", Act.OPEN_ROUND, but(ROUND, closes_on=on("09-21")), "blocks"),
    ("CON-2", "二十日，写明理由", Act.OPEN_ROUND, but(EXPLAINED, closes_on=on("09-21")), "met"),
    ("CON-3", "缩短到十五日", Act.OPEN_ROUND, but(EXPLAINED, closes_on=on("09-16")), "met"),
    ("CON-3", "缩短到十四日", Act.OPEN_ROUND, but(EXPLAINED, closes_on=on("09-15")), "warns"),
    ("CON-4", "期限、联系方式、线下渠道都有", Act.OPEN_ROUND, ROUND, "met"),
    ("CON-4", "只能上网提意见", Act.OPEN_ROUND, but(ROUND, channels=frozenset({Channel.EMAIL})), "blocks"),
    ("CON-5", "征集中草案不变", Act.OPEN_ROUND, RUNNING, "met"),
    ("CON-5", "征集中改动草案", Act.OPEN_ROUND, but(RUNNING, draft_changed=True), "blocks"),
    ("CON-6", "延长期限", Act.OPEN_ROUND, but(RUNNING, closes_on=on("10-10")), "met"),
    ("CON-6", "V10 提前关闭征集", Act.OPEN_ROUND, but(RUNNING, closes_on=on("09-20"), shortened_reason="紧急"), "blocks"),
    ("CON-7", "征求意见稿已通过发布审查", Act.OPEN_ROUND, ROUND, "met"),
    ("CON-7", "征求意见稿未经发布审查", Act.OPEN_ROUND, but(ROUND, is_released=False), "blocks"),
    ("CON-7", "目录未经发布审查", Act.PUBLISH_CATALOGUE, but(CATALOGUE, is_released=False), "blocks"),
    ("CON-7", "增补事项未经发布审查", Act.PUBLISH_ITEM, but(CATALOGUE, is_released=False), "blocks"),
    ("CON-7", "采纳情况未经发布审查", Act.PUBLISH_FEEDBACK, but(HANDLING, is_released=False), "blocks"),
    ("CON-7", "决策文本未经发布审查", Act.PUBLISH_DECISION, but(DECISION, is_released=False), "blocks"),
    ("CON-7", "解读未经发布审查", Act.PUBLISH_INTERPRETATION, InterpretationFacts(), "blocks"),
    ("CON-8", "公告写明请企业提意见", Act.OPEN_ROUND, but(ROUND, affects_operators=True), "met"),
    ("CON-8", "涉企事项，公告没有提到企业", Act.OPEN_ROUND, but(ROUND, affects_operators=True, names_operators=False), "warns"),
    ("CON-9", "草案解读已备好", Act.OPEN_ROUND, ROUND, "met"),
    ("CON-9", "没有准备草案解读", Act.OPEN_ROUND, but(ROUND, uninterpreted=Uninterpreted("犬只")), "warns"),
    ("CON-9", "解读与草案同日公布", Act.WATCH_MATTER, but(MATTER, today=on("04-01"), rounds=(INTERPRETED,)), "met"),
    ("CON-9", "草案公布当天，解读未公布", Act.WATCH_MATTER, but(MATTER, today=UNINTERPRETED.opens_on, rounds=(UNINTERPRETED,)), "met"),
    ("CON-9", "草案公布次日，解读仍未公布", Act.WATCH_MATTER, but(MATTER, today=UNINTERPRETED.opens_on + timedelta(days=1), rounds=(UNINTERPRETED,)), "warns"),
    ("CON-9", "没有解读，已写明理由", Act.WATCH_MATTER, but(MATTER, today=UNINTERPRETED.closes_on, rounds=(but(UNINTERPRETED, is_excused=True),)), "met"),
    ("HEA-1", "听证会先于合法性审查", Act.REVIEW_LEGALITY, but(DOSSIER, hearing_required=True, hearing_on=on("03-01")), "met"),
    ("HEA-1", "目录写明听证，尚未举行", Act.REVIEW_LEGALITY, but(DOSSIER, hearing_required=True), "blocks"),
    ("HEA-1", "听证会晚于合法性审查", Act.DECIDE, but(DOSSIER, hearing_required=True, hearing_on=on("03-20")), "blocks"),
    ("HEA-2", "提前四十一日公告，草案已公布", Act.ANNOUNCE_HEARING, HEARING, "met"),
    ("HEA-2", "提前二十九日公告", Act.ANNOUNCE_HEARING, but(HEARING, notice_on=on("09-13")), "warns"),
    ("HEA-2", "草案还没有公布", Act.ANNOUNCE_HEARING, but(HEARING, draft_on=None), "warns"),
    ("HEA-3", "会前已公布参加人名单", Act.RECORD_HEARING, HEARING, "met"),
    ("HEA-3", "没有写遴选办法", Act.ANNOUNCE_HEARING, but(HEARING, has_selection_method=False), "blocks"),
    ("HEA-3", "听证当天才公布名单", Act.RECORD_HEARING, but(HEARING, participants_on=on("10-12")), "blocks"),
    ("HEA-4", "提前七日送达", Act.RECORD_MATERIALS, but(HEARING, materials_on=on("10-05")), "met"),
    ("HEA-4", "V05 提前五日送达", Act.RECORD_MATERIALS, but(HEARING, materials_on=on("10-07")), "blocks"),
    ("HEA-4", "到了听证当天仍未送达", Act.RECORD_HEARING, but(HEARING, materials_on=None, today=on("10-12")), "blocks"),
    ("HEA-5", "二十人，十二人受影响", Act.PUBLISH_PARTICIPANTS, HEARING, "met"),
    ("HEA-5", "只有七人", Act.PUBLISH_PARTICIPANTS, but(HEARING, participants=7, affected=7), "warns"),
    ("HEA-5", "受影响的不到一半", Act.PUBLISH_PARTICIPANTS, but(HEARING, affected=9), "warns"),
    ("OPI-1", "条条有答复", Act.PUBLISH_FEEDBACK, HANDLING, "met"),
    ("OPI-1", "V03 七条只答复三条", Act.PUBLISH_FEEDBACK, THREE_OF_SEVEN, "blocks"),
    ("OPI-2", "各项数字相符", Act.PUBLISH_FEEDBACK, HANDLING, "met"),
    ("OPI-2", "V03 七条只有三条有结果", Act.PUBLISH_FEEDBACK, THREE_OF_SEVEN, "blocks"),
    ("OPI-3", "文中没有个人信息", Act.SHOW_OPINION, SHOWN, "met"),
    ("OPI-3", "V07 文中有手机号", Act.SHOW_OPINION, but(SHOWN, text="请联系13800000000。"), "blocks"),
    ("OPI-4", "作者同意署名", Act.SHOW_OPINION, but(SHOWN, text="陶婉清敬上", name_consent=True), "met"),
    ("OPI-4", "作者不愿署名，落款有姓名", Act.SHOW_OPINION, but(SHOWN, text="陶婉清敬上"), "blocks"),
    ("OPI-5", "次日审核", Act.WATCH_MATTER, but(MATTER, rounds=(but(CLOSED, pending_since=on("05-28")),)), "met"),
    ("OPI-5", "三个工作日仍未审核", Act.WATCH_MATTER, but(MATTER, rounds=(but(CLOSED, pending_since=on("05-26")),)), "warns"),
    ("OPI-6", "因广告未展示，可以更正", Act.SHOW_OPINION, but(SHOWN, withheld_reason=WithheldReason.ADVERTISING), "met"),
    ("OPI-6", "因违法未展示", Act.SHOW_OPINION, but(SHOWN, withheld_reason=WithheldReason.UNLAWFUL), "blocks"),
    ("FEE-1", "已公布采纳情况", Act.WATCH_MATTER, MATTER, "met"),
    ("FEE-1", "截止后二十个工作日仍未公布", Act.WATCH_MATTER, UNREPORTED, "warns"),
    ("FEE-1", "期限未到", Act.WATCH_MATTER, but(UNREPORTED, today=on("04-20")), "met"),
    ("FEE-2", "采纳情况先于决策公布", Act.DECIDE, DOSSIER, "met"),
    ("FEE-2", "采纳情况没有公布", Act.DECIDE, but(DOSSIER, unreported_rounds=("犬只",)), "blocks"),
    ("FEE-3", "零意见也有反馈", Act.DECIDE, DOSSIER, "met"),
    ("FEE-3", "零意见没有反馈", Act.DECIDE, but(DOSSIER, unreported_silent_rounds=("地名",)), "blocks"),
    ("FEE-4", "讨论前条条有答复", Act.DECIDE, DOSSIER, "met"),
    ("FEE-4", "讨论前还有意见没有答复", Act.DECIDE, but(DOSSIER, unanswered_rounds=("犬只",)), "blocks"),
    ("FEE-5", "征集已结束", Act.PUBLISH_FEEDBACK, HANDLING, "met"),
    ("FEE-5", "征集未结束", Act.PUBLISH_FEEDBACK, but(HANDLING, is_closed=False), "blocks"),
    ("PAR-1", "已公开征求意见", Act.DECIDE, DOSSIER, "met"),
    ("PAR-1", "目录写明公众参与，没有征求意见", Act.DECIDE, but(DOSSIER, was_consulted=False), "blocks"),
    ("REV-1", "先审查后讨论", Act.DECIDE, DOSSIER, "met"),
    ("REV-1", "V04 未通过合法性审查即填会议", Act.DECIDE, but(DOSSIER, legality_number="", legality_on=None), "blocks"),
    ("REV-2", "审查用了八个工作日", Act.DECIDE, DOSSIER, "met"),
    ("REV-2", "审查只用了三个工作日", Act.DECIDE, but(DOSSIER, legality_sent_on=on("03-16")), "warns"),
    ("REV-3", "其他审查都已办结", Act.REVIEW_LEGALITY, DOSSIER, "met"),
    ("REV-3", "目录写明风险评估，尚未办结", Act.REVIEW_LEGALITY, but(DOSSIER, missing_reviews=("风险评估",)), "blocks"),
    ("REV-4", "风险可控", Act.DECIDE, DOSSIER, "met"),
    ("REV-4", "风险不可控", Act.DECIDE, but(DOSSIER, is_risk_uncontrollable=True), "blocks"),
    ("DEC-1", "会议和报告日期齐全", Act.DECIDE, DOSSIER, "met"),
    ("DEC-1", "没有填向党委报告的日期", Act.DECIDE, but(DOSSIER, party_report_on=None), "blocks"),
    ("DEC-2", "成文后四个工作日公布", Act.PUBLISH_DECISION, DECISION, "met"),
    ("DEC-2", "V06 成文后二十五个工作日才公布", Act.PUBLISH_DECISION, but(DECISION, published_on=on("05-11")), "warns"),
    ("DEC-2", "成文后二十五个工作日仍未公布", Act.WATCH_DECISION, but(UNPUBLISHED, today=on("05-11")), "warns"),
    ("DEC-3", "链接到采纳情况", Act.PUBLISH_DECISION, DECISION, "met"),
    ("DEC-3", "没有采纳情况可链接", Act.PUBLISH_DECISION, but(DECISION, has_public_feedback=False), "blocks"),
    ("DEC-4", "决策解读已备好", Act.PUBLISH_DECISION, DECISION, "met"),
    ("DEC-4", "没有准备决策解读", Act.PUBLISH_DECISION, but(DECISION, has_interpretation=False), "warns"),
    ("DEC-4", "公布后第三个工作日，解读未公布", Act.WATCH_DECISION, but(PUBLIC, interpreted_on=None, today=add_workdays(PUBLIC.published_on, 3)), "met"),
    ("DEC-4", "公布三个工作日后解读仍未公布", Act.WATCH_DECISION, but(PUBLIC, interpreted_on=None), "warns"),
    ("DEC-4", "已被废止，不再要求解读", Act.WATCH_DECISION, but(PUBLIC, interpreted_on=None, is_superseded=True, has_public_successor=True), "met"),
    ("DEC-5", "要素齐全", Act.PUBLISH_DECISION, DECISION, "met"),
    ("DEC-5", "缺发文字号", Act.PUBLISH_DECISION, but(DECISION, missing_particulars=("发文字号",)), "blocks"),
    ("DEC-5", "历史决策要素齐全", Act.RECORD_PAST_DECISION, PAST, "met"),
    ("DEC-5", "历史决策索引号重复", Act.CORRECT_PAST_DECISION, but(PAST, index_no_taken=True), "blocks"),
    ("PAST-1", "本平台启用之前已公布", Act.RECORD_PAST_DECISION, PAST, "met"),
    ("PAST-1", "还没有目录，公布日期已到", Act.RECORD_PAST_DECISION, but(PAST, procedure_since=None), "met"),
    ("PAST-1", "与首个目录同日公布，应当走程序", Act.RECORD_PAST_DECISION, but(PAST, procedure_since=PAST.published_on), "blocks"),
    ("PAST-1", "公布日期在将来", Act.RECORD_PAST_DECISION, but(PAST, procedure_since=None, today=on("01-02")), "blocks"),
    ("PAST-2", "先施行、后废止", Act.RECORD_PAST_DECISION, but(PAST, repealed_on=on("09-01")), "met"),
    ("PAST-2", "有效期早于施行日期", Act.CORRECT_PAST_DECISION, but(PAST, expires_on=on("01-01")), "blocks"),
    ("PAST-2", "废止日期早于施行日期", Act.RECORD_PAST_DECISION, but(PAST, repealed_on=on("01-01")), "blocks"),
    ("PAST-3", "只有新录入的，本人可以确认", Act.CONFIRM_PAST_IMPORT, but(PAST_IMPORT, changes=0, confirmed_by=1), "met"),
    ("PAST-3", "有更正的，由另一人确认", Act.CONFIRM_PAST_IMPORT, PAST_IMPORT, "met"),
    ("PAST-3", "有更正的，上传人自己确认", Act.CONFIRM_PAST_IMPORT, but(PAST_IMPORT, confirmed_by=1), "blocks"),
    ("LIF-1", "历史决策九十日内到期", Act.WATCH_PAST_DECISION, but(PAST, is_public=True, expires_on=on("08-20"), today=on("06-01")), "warns"),
    ("LIF-1", "历史决策在本平台启用前已经失效", Act.WATCH_PAST_DECISION, but(PAST, is_public=True, expires_on=on("05-19")), "met"),
    ("LIF-1", "历史决策在本平台启用后到期，仍未评估", Act.WATCH_PAST_DECISION, but(PAST, is_public=True, expires_on=on("05-20")), "warns"),
    ("DEC-4", "历史决策不补要解读", Act.WATCH_PAST_DECISION, but(PAST, is_public=True, has_interpretation=False, interpreted_on=None), "met"),
    ("ARC-1", "历史决策没有程序记录", Act.WATCH_PAST_DECISION, but(PAST, is_public=True, record_gaps=("程序记录",)), "met"),
    ("DEC-6", "公布后施行", Act.PUBLISH_DECISION, DECISION, "met"),
    ("DEC-6", "公布前已施行", Act.PUBLISH_DECISION, but(DECISION, effective_on=on("04-02")), "warns"),
    ("LIF-1", "没有有效期限", Act.WATCH_DECISION, PUBLIC, "met"),
    ("LIF-1", "九十日内到期", Act.WATCH_DECISION, but(PUBLIC, expires_on=on("08-20")), "warns"),
    ("LIF-1", "离到期还早", Act.WATCH_DECISION, but(PUBLIC, expires_on=on("08-28")), "met"),
    ("LIF-1", "有效期已过，仍未评估", Act.WATCH_DECISION, but(PUBLIC, expires_on=on("05-20")), "warns"),
    ("LIF-1", "清理时已废止，不再提醒", Act.WATCH_DECISION, but(PUBLIC, expires_on=on("08-20"), is_repealed=True), "met"),
    ("LIF-2", "链接到替代文件", Act.PUBLISH_DECISION, but(DECISION, is_superseded=True, has_public_successor=True), "met"),
    ("LIF-2", "V09 已废止，没有替代文件链接", Act.PUBLISH_DECISION, but(DECISION, is_superseded=True), "blocks"),
    ("LIF-2", "公布后替代文件不见了", Act.WATCH_DECISION, but(PUBLIC, is_superseded=True), "blocks"),
    ("LIF-3", "逐件有结论、有理由", Act.PUBLISH_CLEANUP, CLEANUP, "met"),
    ("LIF-3", "清单是空的", Act.PUBLISH_CLEANUP, but(CLEANUP, entries=()), "blocks"),
    ("LIF-3", "有一件没有结论", Act.PUBLISH_CLEANUP, but(CLEANUP, entries=(*CLEANUP.entries, CleanupEntryFacts("犬只"))), "blocks"),
    ("LIF-3", "废止没有说明理由", Act.PUBLISH_CLEANUP, but(CLEANUP, entries=(CleanupEntryFacts("犬只", "repeal"),)), "blocks"),
    ("LIF-3", "废止日早于公布日", Act.PUBLISH_CLEANUP, but(CLEANUP, entries=(CleanupEntryFacts("犬只", "repeal", True, on("05-31")),)), "blocks"),
    ("ARC-1", "过程记录完整", Act.WATCH_DECISION, PUBLIC, "met"),
    ("ARC-1", "专家论证没有结论", Act.WATCH_DECISION, but(PUBLIC, record_gaps=("专家论证",)), "warns"),
    ("EVA-1", "公布后没有反对意见", Act.WATCH_DECISION, PUBLIC, "met"),
    ("EVA-1", "公布后反对意见九件", Act.WATCH_DECISION, but(PUBLIC, opposing=9), "met"),
    ("EVA-1", "公布后反对意见十件，建议开展评估", Act.WATCH_DECISION, but(PUBLIC, opposing=10), "shows"),
    ("EVA-1", "反对意见十件，评估已经开始", Act.WATCH_DECISION, but(PUBLIC, opposing=10, is_being_evaluated=True), "met"),
    ("EVA-1", "尚未公布的决策不评估", Act.PUBLISH_DECISION, but(DECISION, opposing=10), "met"),
    ("EVA-2", "评估报告要素齐全", Act.PUBLISH_EVALUATION, EVALUATION, "met"),
    ("EVA-2", "评估报告没有结论", Act.PUBLISH_EVALUATION, but(EVALUATION, missing=("评估结论",)), "blocks"),
    ("EVA-3", "评估征求意见已反馈", Act.PUBLISH_EVALUATION, EVALUATION, "met"),
    ("EVA-3", "评估征求意见尚未反馈", Act.PUBLISH_EVALUATION, but(EVALUATION, unreported_calls=("共享单车办法实施情况征求意见",)), "blocks"),
    ("PRI-1", "到期联系信息已清除", Act.WATCH_SITE, SITE, "met"),
    ("PRI-1", "到期联系信息没有清除", Act.WATCH_SITE, but(SITE, rounds_to_purge=1), "warns"),
    ("LOG-1", "日志满六个月", Act.WATCH_SITE, but(SITE, log_since=on("03-01")), "met"),
    ("LOG-1", "日志不足六个月", Act.WATCH_SITE, but(SITE, log_since=on("06-01")), "blocks"),
    ("LOG-1", "开站不足六个月，日志从第一天起", Act.WATCH_SITE, but(SITE, first_act_on=on("08-01"), log_since=on("08-01")), "met"),
]  # fmt: skip

WEIGHT = {"blocks": Level.BLOCK, "warns": Level.WARN, "shows": Level.SHOW}


@pytest.mark.parametrize(
    ("rule_id", "act", "facts", "expected"),
    [pytest.param(*case[:1], *case[2:], id=f"{case[0]} {case[1]}") for case in CASES],
)
def test_a_rule_does_what_its_case_says(rule_id, act, facts, expected):
    found = {one.id: one for one in findings(act, facts, LIMITS)}
    if expected == "met":
        assert rule_id not in found
        return
    assert found[rule_id].level is WEIGHT[expected]
    assert found[rule_id].message
    if expected == "shows":
        require(act, facts, LIMITS)
        return
    with pytest.raises(Refused):
        require(act, facts, LIMITS)


def test_every_rule_has_a_passing_and_a_failing_case():
    passing = {case[0] for case in CASES if case[4] == "met"}
    failing = {case[0] for case in CASES if case[4] != "met"}
    assert passing == failing == set(RULES)


def test_all_ten_violations_are_among_the_cases():
    told = {case[1].split()[0] for case in CASES if case[1].startswith("V")}
    assert told == {f"V{number:02}" for number in range(1, 11)}


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        (Act.PUBLISH_CATALOGUE, CATALOGUE),
        (Act.PUBLISH_ITEM, CATALOGUE),
        (Act.OPEN_ROUND, ROUND),
        (Act.ANNOUNCE_HEARING, HEARING),
        (Act.PUBLISH_PARTICIPANTS, HEARING),
        (Act.RECORD_MATERIALS, HEARING),
        (Act.RECORD_HEARING, HEARING),
        (Act.SHOW_OPINION, SHOWN),
        (Act.PUBLISH_FEEDBACK, HANDLING),
        (Act.CONFIRM_PAST_IMPORT, PAST_IMPORT),
        (Act.RECORD_PAST_DECISION, PAST),
        (Act.CORRECT_PAST_DECISION, PAST),
        (Act.WATCH_PAST_DECISION, but(PAST, is_public=True)),
        (Act.REVIEW_LEGALITY, DOSSIER),
        (Act.DECIDE, DOSSIER),
        (Act.PUBLISH_DECISION, DECISION),
        (Act.PUBLISH_EVALUATION, EVALUATION),
        (Act.PUBLISH_INTERPRETATION, InterpretationFacts(is_released=True)),
        (Act.PUBLISH_CLEANUP, CLEANUP),
        (Act.WATCH_MATTER, MATTER),
        (Act.WATCH_HEARING, HEARING),
        (Act.WATCH_DECISION, PUBLIC),
        (Act.WATCH_SITE, SITE),
    ],
    ids=lambda value: value.value if isinstance(value, Act) else "",
)
def test_with_every_rule_satisfied_nothing_is_found(act, facts):
    assert findings(act, facts, LIMITS) == []


def test_every_act_that_rules_are_asked_at_is_one_of_the_procedure():
    asked = {act for rule in RULES.values() for act in rule.acts}
    assert asked == set(Act)


def test_every_rule_says_what_it_asks_and_where_that_stands():
    for rule in RULES.values():
        assert rule.source
        assert str(rule.title)
        assert rule.acts
        # A reason can only go past a warning.
        assert rule.level is Level.WARN or not rule.public_reason


def test_a_finding_of_time_carries_its_day():
    (finding,) = findings(Act.WATCH_MATTER, UNREPORTED, LIMITS)
    assert (finding.id, finding.due_on) == ("FEE-1", on("04-30"))


def test_thresholds_are_settings():
    short = Limits(hearing_material_days=5)
    late = but(HEARING, materials_on=on("10-07"))
    assert findings(Act.RECORD_MATERIALS, late, short) == []
    assert findings(Act.WATCH_MATTER, UNREPORTED, Limits(feedback_workdays=60)) == []


def test_a_day_counts_as_late_only_when_it_is_over():
    due = HEARING.held_on - timedelta(days=7)
    waiting = but(HEARING, materials_on=None)
    assert findings(Act.WATCH_HEARING, but(waiting, today=due), LIMITS) == []
    (finding,) = findings(Act.WATCH_HEARING, but(waiting, today=due + timedelta(days=1)), LIMITS)
    assert (finding.id, finding.due_on) == ("HEA-4", due)
