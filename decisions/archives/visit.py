"""Asking this portal for an address as a visitor whom nobody knows.

So a package holds what everyone could read, and nothing else: drafts, closed pages and documents
that are not given to all answer here as they answer outside.
"""

from http import HTTPStatus
from importlib import import_module
from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import resolve
from django.utils import translation


def visited(address: str) -> HttpResponseBase | None:
    """Return what stands at an address of this portal, None where the public gets nothing.

    Args:
        address: a path, quoted as in a link, without parameters.

    """
    request = _request(unquote(address))
    with translation.override(settings.LANGUAGE_CODE):
        try:
            request.resolver_match = match = resolve(request.path_info)
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except (Http404, PermissionDenied):
            return None
        if isinstance(response, SimpleTemplateResponse):
            response.render()
    return response if response.status_code == HTTPStatus.OK else None


def _request(path: str) -> WSGIRequest:
    """Return the request of somebody without a cookie, who reads the page's own language."""
    public = urlsplit(settings.PUBLIC_URL)
    host = public.netloc
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "HTTP_HOST": host,
        "SERVER_NAME": public.hostname or "localhost",
        "SERVER_PORT": str(public.port or (443 if public.scheme == "https" else 80)),
        "wsgi.url_scheme": public.scheme or "http",
        "wsgi.input": BytesIO(),
    }
    request = WSGIRequest(environ)
    request.user = AnonymousUser()
    # Nobody has passed a closed page's password here; nothing is ever stored.
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    request.LANGUAGE_CODE = settings.LANGUAGE_CODE
    return request
