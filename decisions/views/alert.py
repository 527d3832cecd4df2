"""Being told by mail what is new to a question; everything but the question is as for all mail."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consultations.forms.subscription import SubscriptionForm
from consultations.models.subscription import LONGEST_QUERY
from consultations.subscription_views import Offer, follow
from decisions.models import ArchivePage
from decisions.search.criteria import BadQuestionError, Criteria, NoSuchPageError, Sort, read
from decisions.views.archive import refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, page: ArchivePage) -> HttpResponse:
    """Show the form to follow the question in the address, and take in what it sends."""
    try:
        criteria = _asked(request)
    except BadQuestionError as error:
        return refused(request, page, error)
    query = criteria.query_string()
    label = _("This search: %(words)s") % {"words": criteria.text}
    offer = Offer(
        address=f"{page.url}alert/{query}",
        scope=SubscriptionForm.QUESTION,
        label=label if criteria.text else _("This search, by its filters"),
        wanted={"question": query.removeprefix("?")},
        back_url=f"{page.url}{query}",
        back_label=_("Back to the search"),
        feed_url=f"{page.url}feed/{query}",
    )
    return follow(request, offer)


def _asked(request: HttpRequest) -> Criteria:
    """Return the question in the address, whatever page and order it was seen in.

    Raises:
        BadQuestionError: it cannot be read, asks for nothing, or is too long to be kept.

    """
    try:
        criteria = read(dict(request.GET.lists()))
    except NoSuchPageError as error:
        raise BadQuestionError(str(error)) from error
    criteria = criteria.sorted_by(Sort.RELEVANCE)
    if criteria == Criteria():
        raise BadQuestionError(_("Search for something first; you can then be told what is new."))
    if len(criteria.query_string()) > LONGEST_QUERY:
        raise BadQuestionError(_("This search is too long to be followed. Please shorten it."))
    return criteria
