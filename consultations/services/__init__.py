"""The verbs of this app: the only writers, called alike by views, admin, API and commands.

Each asks the rules first and raises `Refused` with their findings, writes in one transaction,
logs the act, and promises its side effects to the outbox.
"""

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
from consultations.services.consultation import (
    close_ended_rounds,
    open_round,
    publish_feedback,
    tell_opened_rounds,
)
from consultations.services.display import publish_opinion, withhold_opinion
from consultations.services.draft import find_draft, forget_draft, keep_draft, purge_drafts
from consultations.services.handling import answer, assign, open_issue
from consultations.services.listing import recount
from consultations.services.opinion import (
    ConfirmationRefused,
    OpinionRefused,
    confirm,
    enter_offline,
    new_confirmation_token,
    submit,
)
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

__all__ = [
    "MOST_FILES",
    "ConfirmationRefused",
    "OpinionRefused",
    "ResendRefused",
    "SecretRefused",
    "SubscriptionEnded",
    "SubscriptionNotFound",
    "adjust",
    "advance",
    "answer",
    "assign",
    "attach",
    "close_ended_rounds",
    "confirm",
    "confirm_subscription",
    "detach",
    "enter_offline",
    "erase",
    "find_draft",
    "find_subscription",
    "forget_draft",
    "forget_unconfirmed_subscriptions",
    "hide_name",
    "keep_draft",
    "new_confirmation_token",
    "new_subscription_token",
    "open_issue",
    "open_round",
    "publish_catalogue",
    "publish_feedback",
    "publish_item",
    "publish_opinion",
    "purge_drafts",
    "purge_personal_data",
    "recount",
    "resend_confirmation",
    "submit",
    "subscribe",
    "sweep_files",
    "tell_opened_rounds",
    "unsubscribe",
    "withdraw",
    "withhold_opinion",
]
