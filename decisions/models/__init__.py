"""What is stored of the decision and after, by concept."""

from decisions.models.archive import ArchiveDossier, ArchivePage, ArchiveUnit, UnitKind
from decisions.models.decision import DecisionIndexPage, DecisionPage
from decisions.models.evaluation import EvaluationPage
from decisions.models.redline import ChangeCause, StoredRedline
from decisions.models.review import CollectiveDiscussion, Review

__all__ = [
    "ArchiveDossier",
    "ArchivePage",
    "ArchiveUnit",
    "ChangeCause",
    "CollectiveDiscussion",
    "DecisionIndexPage",
    "DecisionPage",
    "EvaluationPage",
    "Review",
    "StoredRedline",
    "UnitKind",
]
