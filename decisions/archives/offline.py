"""A page of the portal as a file that can be read without it; pure but for our own static files.

Our templates write every address in double quotes and escape those of texts, so an address is
what stands in such quotes behind `href`, `src` or `action`.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

_ADDRESS = re.compile(r'(?<=\s)(href|src|action)="([^"]*)"')
# Scripts of this site: what they do needs the site. Linked data stays.
_SCRIPT = re.compile(r'<script type="module"[^>]*></script>\s*')
_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')#]+)["']?\s*\)""")


def addresses_in(html: str, *, at: str) -> Iterator[str]:
    """Yield the paths within this site that a page at a path leads to, without parameters."""
    for _name, quoted in _ADDRESS.findall(html):
        found = urlsplit(urljoin(at, unescape(quoted)))
        if not found.scheme and not found.netloc and not found.query:
            yield found.path


def read_offline(html: str, *, at: str, name: str, names: Mapping[str, str]) -> str:
    """Return a page whose addresses lead to the files beside it, or to the public site.

    Args:
        html: of the page.
        at: its path on the site.
        name: of the file that it becomes.
        names: of the files, by their path on the site.

    """

    def led(found: re.Match[str]) -> str:
        attribute, quoted = found.groups()
        return f'{attribute}="{escape(_led(unescape(quoted), at, name, names))}"'

    return _ADDRESS.sub(led, _SCRIPT.sub("", html))


def _led(address: str, at: str, name: str, names: Mapping[str, str]) -> str:
    """Return where an address leads from a file."""
    if address.startswith("#"):
        return address
    parts = urlsplit(urljoin(at, address))
    if parts.scheme or parts.netloc:
        return address
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if parts.path in names and not parts.query:
        return relpath(names[parts.path], dirname(name)) + fragment
    query = f"?{parts.query}" if parts.query else ""
    return f"{settings.PUBLIC_URL}{parts.path}{query}{fragment}"


def is_static(path: str) -> bool:
    """Tell whether a path is one of our own static files."""
    return path.startswith(urlsplit(settings.STATIC_URL).path)


def static_file(path: str) -> bytes | None:
    """Return one of our own static files, None where there is no such file."""
    name = path.removeprefix(urlsplit(settings.STATIC_URL).path)
    found = finders.find(name)
    if found:
        return Path(found).read_bytes()
    # Where files carry a digest in their names they are among those that were collected.
    if not staticfiles_storage.exists(name):
        return None
    with staticfiles_storage.open(name) as stored:
        content: bytes = stored.read()
    return content


def addresses_in_style(style: str, *, at: str) -> Iterator[str]:
    """Yield the paths of what a style sheet at a path is made of."""
    for address in _IN_STYLE.findall(style):
        if not urlsplit(address).scheme:
            yield normpath(join(dirname(at), address))
