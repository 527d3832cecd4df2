"""The verbs of this app: the only writers, called alike by views, admin, API and commands.

Each asks the rules first and raises `Refused` with their findings, writes in one transaction,
logs the act, and promises its side effects to the outbox.
"""

from consultations.services.author import (
    ResendRefused,
    SecretRefused,
    erase,
    hide_name,
    resend_confirmation,
    withdraw,
)
from consultations.services.catalogue import adjust, advance, publish_catalogue, publish_item
from consultations.services.consultation import close_ended_rounds, open_round, publish_feedback
from consultations.services.handling import answer, assign, open_issue
from consultations.services.opinion import (
    ConfirmationRefused,
    OpinionRefused,
    confirm,
    enter_offline,
    new_confirmation_token,
    publish_opinion,
    submit,
    withhold_opinion,
)
from consultations.services.retention import purge_personal_data

__all__ = [
    "ConfirmationRefused",
    "OpinionRefused",
    "ResendRefused",
    "SecretRefused",
    "adjust",
    "advance",
    "answer",
    "assign",
    "close_ended_rounds",
    "confirm",
    "enter_offline",
    "erase",
    "hide_name",
    "new_confirmation_token",
    "open_issue",
    "open_round",
    "publish_catalogue",
    "publish_feedback",
    "publish_item",
    "publish_opinion",
    "purge_personal_data",
    "resend_confirmation",
    "submit",
    "withdraw",
    "withhold_opinion",
]
