"""Who is given a document at its address; the app's hooks register it."""

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.documents.models import Document

from portal.core.attachments import is_given_to_all, may_be_read_by


def give_what_is_published(document: Document, request: HttpRequest) -> HttpResponse | None:
    """Answer as if there were no document where the reader may not have it.

    Raises:
        Http404: it is not published and the reader does not work on a page that holds it.

    """
    if is_given_to_all(document) or may_be_read_by(document, request.user):
        return None
    raise Http404
