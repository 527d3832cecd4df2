"""What is stored of the decision and after, by concept."""

from decisions.models.archive import (
    ArchiveDossier,
    ArchiveDrafter,
    ArchivePage,
    ArchiveRound,
    ArchiveUnit,
    UnitKind,
)
from decisions.models.cleanup import CleanupEntry, CleanupPage
from decisions.models.decision import DecisionPage
from decisions.models.decision_index import DecisionIndexPage
from decisions.models.evaluation import EvaluationPage
from decisions.models.keeping import ArchiveClock, ArchiveComparison, Copy
from decisions.models.past import PastImport, PastImportRow, PastRecord, RowOutcome
from decisions.models.redline import ChangeCause, StoredRedline
from decisions.models.review import CollectiveDiscussion, Review
from decisions.models.synonym import SynonymGroup
from decisions.models.validity import Suspension

__all__ = [
    "ArchiveClock",
    "ArchiveComparison",
    "ArchiveDossier",
    "ArchiveDrafter",
    "ArchivePage",
    "ArchiveRound",
    "ArchiveUnit",
    "ChangeCause",
    "CleanupEntry",
    "CleanupPage",
    "CollectiveDiscussion",
    "Copy",
    "DecisionIndexPage",
    "DecisionPage",
    "EvaluationPage",
    "PastImport",
    "PastImportRow",
    "PastRecord",
    "Review",
    "RowOutcome",
    "StoredRedline",
    "Suspension",
    "SynonymGroup",
    "UnitKind",
]
