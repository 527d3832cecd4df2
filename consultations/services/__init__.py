"""The verbs of this app: the only writers, called alike by views, admin, API and commands.

Each asks the rules first and raises `Refused` with their findings, writes in one transaction,
logs the act, and promises its side effects to the outbox.
"""

from consultations.services.adjustment_request import (
    grant_adjustment,
    refuse_adjustment,
    request_adjustment,
)
from consultations.services.answers import draft_answer, finalise_answer, review_answer
from consultations.services.attachment import MOST_FILES, attach, detach, sweep_files
from consultations.services.author import (
    ResendRefused,
    SecretRefused,
    erase,
    hide_name,
    resend_confirmation,
    withdraw,
)
from consultations.services.catalogue import adjust, advance, publish_catalogue, publish_item
from consultations.services.catalogue_table import (
    Entry,
    PlannedRow,
    RowOfTable,
    TableRefused,
    as_saved,
    by_number,
    plan_table,
    save_table,
)
from consultations.services.consultation import (
    close_ended_rounds,
    open_round,
    publish_feedback,
    tell_opened_rounds,
)
from consultations.services.display import assign_opinion, publish_opinion, withhold_opinion
from consultations.services.display_many import (
    MOST_AT_ONCE,
    Outcome,
    assign_opinions,
    publish_opinions,
    withhold_opinions,
)
from consultations.services.draft import find_draft, forget_draft, keep_draft, purge_drafts
from consultations.services.handling import (
    assign,
    assign_issue,
    group_opinions,
    may_answer,
    merge_issues,
    open_issue,
    split_issue,
)
from consultations.services.hearing import (
    HearingPlan,
    Participant,
    announce_hearing,
    cancel_hearing,
    change_hearing,
    plan_hearing,
    publish_participants,
    record_hearing,
    record_materials,
)
from consultations.services.interpretation import publish_interpretation
from consultations.services.listing import recount
from consultations.services.offline import enter_offline
from consultations.services.offline_table import import_offline, known_rows, receipts_of_table
from consultations.services.opinion import (
    ConfirmationRefused,
    OpinionRefused,
    confirm,
    new_confirmation_token,
    submit,
)
from consultations.services.points import join_points, split_point
from consultations.services.redaction import redact_opinion
from consultations.services.retention import purge_personal_data
from consultations.services.subscription import (
    SubscriptionEnded,
    SubscriptionNotFound,
    confirm_subscription,
    find_subscription,
    forget_unconfirmed_subscriptions,
    new_subscription_token,
    subscribe,
    unsubscribe,
)
from consultations.services.trace import Export, record_export, record_look
from consultations.services.transcript import (
    check_transcript,
    correct_transcript,
    require_checked_transcript,
    waiting_transcripts,
)
from consultations.services.transcript import is_due as transcript_is_due

__all__ = [
    "MOST_AT_ONCE",
    "MOST_FILES",
    "ConfirmationRefused",
    "Entry",
    "Export",
    "HearingPlan",
    "OpinionRefused",
    "Outcome",
    "Participant",
    "PlannedRow",
    "ResendRefused",
    "RowOfTable",
    "SecretRefused",
    "SubscriptionEnded",
    "SubscriptionNotFound",
    "TableRefused",
    "adjust",
    "advance",
    "announce_hearing",
    "as_saved",
    "assign",
    "assign_issue",
    "assign_opinion",
    "assign_opinions",
    "attach",
    "by_number",
    "cancel_hearing",
    "change_hearing",
    "check_transcript",
    "close_ended_rounds",
    "confirm",
    "confirm_subscription",
    "correct_transcript",
    "detach",
    "draft_answer",
    "enter_offline",
    "erase",
    "finalise_answer",
    "find_draft",
    "find_subscription",
    "forget_draft",
    "forget_unconfirmed_subscriptions",
    "grant_adjustment",
    "group_opinions",
    "hide_name",
    "import_offline",
    "join_points",
    "keep_draft",
    "known_rows",
    "may_answer",
    "merge_issues",
    "new_confirmation_token",
    "new_subscription_token",
    "open_issue",
    "open_round",
    "plan_hearing",
    "plan_table",
    "publish_catalogue",
    "publish_feedback",
    "publish_interpretation",
    "publish_item",
    "publish_opinion",
    "publish_opinions",
    "publish_participants",
    "purge_drafts",
    "purge_personal_data",
    "receipts_of_table",
    "record_export",
    "record_hearing",
    "record_look",
    "record_materials",
    "recount",
    "redact_opinion",
    "refuse_adjustment",
    "request_adjustment",
    "require_checked_transcript",
    "resend_confirmation",
    "review_answer",
    "save_table",
    "split_issue",
    "split_point",
    "submit",
    "subscribe",
    "sweep_files",
    "tell_opened_rounds",
    "transcript_is_due",
    "unsubscribe",
    "waiting_transcripts",
    "withdraw",
    "withhold_opinion",
    "withhold_opinions",
]
