"""The verbs of this app: the only writers.

Each asks the rules first and raises `Refused` with their findings, writes in one transaction and
logs the act.
"""

from decisions.services.cleanup import publish_cleanup, set_outcome, start_cleanup
from decisions.services.decision import conclude_review, decide, publish_decision, record_review
from decisions.services.evaluation import publish_evaluation
from decisions.services.past import carry_out_row, record_past_decision
from decisions.services.past_import import (
    confirm_import,
    confirmation_facts,
    discard_import,
    go_on_importing,
    purge_imports,
    upload_import,
)
from decisions.services.past_plan import PastTable, PlannedPast
from decisions.services.redline import explain_change, keep_redline
from decisions.services.suspension import resume, suspend

__all__ = [
    "PastTable",
    "PlannedPast",
    "carry_out_row",
    "conclude_review",
    "confirm_import",
    "confirmation_facts",
    "decide",
    "discard_import",
    "explain_change",
    "go_on_importing",
    "keep_redline",
    "publish_cleanup",
    "publish_decision",
    "publish_evaluation",
    "purge_imports",
    "record_past_decision",
    "record_review",
    "resume",
    "set_outcome",
    "start_cleanup",
    "suspend",
    "upload_import",
]
