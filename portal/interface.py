"""The page about the interface: how programs ask, under which terms, what every answer holds."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultations.lifecycle import AdjustmentKind, Channel, Outcome, Phase, Stage, Stance
from consultations.models.topic import Topic
from decisions.datasets.packing import licence
from decisions.lifecycle import Supersession, Validity
from portal.api import api
from portal.core.cursors import LASTS
from portal.core.feeds import public_address
from portal.core.open_data.asking import MOST
from portal.core.open_data.manual import operations_of, shapes_of
from portal.core.throttle import Act

# What the codes in answers mean.
CHOICES = (
    *(AdjustmentKind, Channel, Outcome, Phase, Stage, Stance, Topic),
    *(Supersession, Validity),
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show how the interface is asked.

    Context of `interface.html`: `operations` and `shapes` (see `manual`), `root` and
    `description_url` (addresses of the interface and of its description), `limits` (most requests
    of a network, and within how many minutes), `most` (entries of a page), `hours` (for which a
    cursor lasts), `licence` (what may be done with the data).
    """
    description = api.get_openapi_schema()
    numbers = settings.THROTTLES[Act.OPEN_DATA]
    context = {
        "operations": operations_of(description),
        "shapes": shapes_of(description, CHOICES),
        "root": public_address(reverse("api:api-root")),
        "description_url": reverse("api:openapi-json"),
        "limits": {"most": numbers["most"], "minutes": numbers["seconds"] // 60},
        "licence": licence(),
        "most": MOST,
        "hours": int(LASTS.total_seconds() // 3600),
    }
    return render(request, "interface.html", context)
