"""Development's settings with production's workers, and no least time for a form."""

from portal.settings.development import *  # noqa: F403

DEBUG = False
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
OPINION_LEAST_SECONDS = 0
THROTTLES = {act: numbers | {"most": 10**6, "easily": 10**6} for act, numbers in THROTTLES.items()}  # noqa: F405
