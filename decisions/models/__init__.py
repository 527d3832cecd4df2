"""What is stored of the decision and after, by concept."""

from decisions.models.archive import ArchiveDossier, ArchivePage, ArchiveUnit, UnitKind
from decisions.models.cleanup import CleanupEntry, CleanupPage
from decisions.models.decision import DecisionPage
from decisions.models.decision_index import DecisionIndexPage
from decisions.models.evaluation import EvaluationPage
from decisions.models.redline import ChangeCause, StoredRedline
from decisions.models.review import CollectiveDiscussion, Review
from decisions.models.validity import Suspension

__all__ = [
    "ArchiveDossier",
    "ArchivePage",
    "ArchiveUnit",
    "ChangeCause",
    "CleanupEntry",
    "CleanupPage",
    "CollectiveDiscussion",
    "DecisionIndexPage",
    "DecisionPage",
    "EvaluationPage",
    "Review",
    "StoredRedline",
    "Suspension",
    "UnitKind",
]
