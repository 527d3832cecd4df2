"""The few sign-in views that are not django-allauth's own."""

from allauth.account import views as account_views
from allauth.mfa.base.views import IndexView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.sign_in.factors import has_factor, page_to_show_one


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer for the pages by which the public would get accounts.

    Raises:
        Http404: always.

    """
    raise Http404


@login_required
def reauthenticate(request: HttpRequest) -> HttpResponseBase:
    """Ask for the password again, or for the second factor of those who have one."""
    if isinstance(request.user, User) and has_factor(request.user):
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{reverse(page_to_show_one(request.user))}?{query}")
    return account_views.reauthenticate(request)


def second_factors(request: HttpRequest) -> HttpResponseBase:
    """List one's second factors and say whether one is demanded."""
    view = IndexView.as_view(extra_context={"is_demanded": settings.STAFF_MFA_REQUIRED})
    return view(request)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead from where Wagtail signs in to where we do, with what was to come next."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))
