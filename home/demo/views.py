"""A page of the demo only: the mails that would have been sent."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from home.demo.mailbox import newest_mails


@never_cache
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Show the mails of the file backend, newest first; the route exists only in the demo."""
    mails = newest_mails(getattr(settings, "EMAIL_FILE_PATH", None))
    return render(request, "home/demo_mail.html", {"mails": mails})
