"""What every app's records stand on, by concept."""

from portal.core.models.calendar import WorkCalendar, WorkCalendarDay
from portal.core.models.file_text import FileText
from portal.core.models.outbox import OutboxMessage, OutboxQuerySet
from portal.core.models.release import ReleaseTask, ReleaseTaskState
from portal.core.models.site import ProcedureLimits, SiteIdentity, current_limits
from portal.core.models.staged import StagedUpload
from portal.core.models.waiver import Waiver

__all__ = [
    "FileText",
    "OutboxMessage",
    "OutboxQuerySet",
    "ProcedureLimits",
    "ReleaseTask",
    "ReleaseTaskState",
    "SiteIdentity",
    "StagedUpload",
    "Waiver",
    "WorkCalendar",
    "WorkCalendarDay",
    "current_limits",
]
