"""The verbs of this app: the only writers.

Each asks the rules first and raises `Refused` with their findings, writes in one transaction and
logs the act.
"""

from decisions.services.decision import conclude_review, decide, publish_decision, record_review
from decisions.services.evaluation import publish_evaluation
from decisions.services.redline import explain_change, keep_redline

__all__ = [
    "conclude_review",
    "decide",
    "explain_change",
    "keep_redline",
    "publish_decision",
    "publish_evaluation",
    "record_review",
]
