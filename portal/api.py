"""The open interface at `/api/v1/`: every operation of every app, put together."""

from django.utils.translation import gettext_noop as _

from consultations.api import routers as before_the_decision
from decisions.api import routers as the_decision_and_after
from portal.core.open_data.service import OpenData

TITLE = _("Jianyan open data")
DESCRIPTION = _(
    "Everything that this site publishes about major administrative decisions, for reading by "
    "programs: the same that its pages show, never more. Codes are lasting; the words beside them "
    "are Chinese. Days are those of Beijing time."
)
# Put up when an answer loses a field or means something else by it; new fields come without it.
VERSION = "1.0.0"

api = OpenData(title=TITLE, description=DESCRIPTION, version=VERSION, urls_namespace="api")
for router in (*before_the_decision, *the_decision_and_after):
    api.add_router("", router)
