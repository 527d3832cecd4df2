"""Telling a reader that what they have is still what stands there: `ETag` and 304."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware


class RevalidationMiddleware(ConditionalGetMiddleware):
    """Names the content of public answers, and answers 304 to who has it already.

    Only what `PublicCacheMiddleware` marked as public is named: what is made for one reader is
    asked for anew. It stands above the kept pages, so that a kept page is not even sent.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Name the answer, and send no content where its name is known to who asks."""
        if "public" not in response.headers.get("Cache-Control", ""):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        # RFC 9111, section 4.3.4: the age of what is confirmed is that of the confirmation.
        if "Age" in response.headers:
            answer.headers["Age"] = response.headers["Age"]
        return answer
