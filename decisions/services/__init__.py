"""The verbs of this app: the only writers.

Each asks the rules first and raises `Refused` with their findings, writes in one transaction and
logs the act.
"""

from decisions.services.cleanup import publish_cleanup, set_outcome, start_cleanup
from decisions.services.decision import conclude_review, decide, publish_decision, record_review
from decisions.services.evaluation import publish_evaluation
from decisions.services.redline import explain_change, keep_redline
from decisions.services.suspension import resume, suspend

__all__ = [
    "conclude_review",
    "decide",
    "explain_change",
    "keep_redline",
    "publish_cleanup",
    "publish_decision",
    "publish_evaluation",
    "record_review",
    "resume",
    "set_outcome",
    "start_cleanup",
    "suspend",
]
