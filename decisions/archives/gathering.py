"""Reading everything public of a matter: its pages, what they give to keep, what they look like.

Whatever stands below the matter's address and is linked there belongs to it, so that a kind of page
that comes later is in the package without a word here.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.http.response import HttpResponseBase
from django.urls import reverse

from consultations.models import DecisionItemPage
from decisions.archives.offline import (
    addresses_in,
    addresses_in_style,
    is_static,
    read_offline,
    static_file,
)
from decisions.archives.visit import visited
from portal.core.packing import CHUNK, Entry, Package
from portal.core.sheets.sending import CONTENT_TYPES

# Kinds that are kept; a workbook says no more than the table as text.
_KEPT = {
    kind.partition(";")[0]: ending
    for ending, kind in (CONTENT_TYPES | {"json": "application/json"}).items()
    if ending not in {"xlsx", "zip"}
}
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_SAVED_AS = re.compile(r"filename(?:\*=utf-8''|=\")([^\";]+)", re.IGNORECASE)


@dataclass
class Gathering:
    """What was found of a matter so far.

    Attributes:
        item: the matter.
        package: into which it is packed.
        pages: the pages as the public sees them, by their paths.
        names: of all files in the package, by their paths on the site.
        missing: paths that are linked, but not given to everyone.

    """

    item: DecisionItemPage
    package: Package
    pages: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The path below which the matter's pages stand."""
        return self.item.get_absolute_url()

    def gather(self) -> None:
        """Visit the matter and all that its pages lead to; pack it."""
        self._visit_all()
        looks: set[str] = set()
        for path in sorted(self.pages):
            looks.update(one for one in addresses_in(self.pages[path], at=path) if is_static(one))
        self._pack_looks({one for one in looks if not one.endswith(".js")})
        for path in sorted(self.pages):
            self._pack_page(path)

    def _visit_all(self) -> None:
        documents = reverse("wagtaildocs_serve", args=[0, "x"]).partition("0/")[0]
        waiting, seen = deque([self.root]), {self.root}
        while waiting:
            path = waiting.popleft()
            response = visited(path)
            if response is None:
                self.missing.append(path)
                continue
            for address in sorted(self._take(path, response)):
                # Another package says the same once more.
                if address.endswith(".zip"):
                    continue
                if address not in seen and address.startswith((self.root, documents)):
                    seen.add(address)
                    waiting.append(address)

    def _take(self, path: str, response: HttpResponseBase) -> set[str]:
        """Keep what stands at a path, and return what it leads to."""
        kind = response.headers["Content-Type"].partition(";")[0]
        if kind == "text/html":
            html = b"".join(_pieces(response)).decode()
            self.pages[path] = html
            self.names[path] = self._name_of(path, "pages", "index.html")
            return set(addresses_in(html, at=path))
        name = self._name_of_file(path, kind)
        if name:
            saved_as = _SAVED_AS.search(response.headers.get("Content-Disposition", ""))
            title = unquote(saved_as[1]) if saved_as else PurePosixPath(path).name
            self.names[path] = name
            self.package.add(Entry(name, _pieces(response), title, path))
        response.close()
        return set()

    def _name_of(self, path: str, folder: str, last: str) -> str:
        below = path.removeprefix(self.root).strip("/")
        return "/".join(filter(None, (folder, below, last)))

    def _name_of_file(self, path: str, kind: str) -> str:
        """Return where a file goes, or nothing for a kind that is not kept."""
        ending = _KEPT.get(kind, "")
        if not path.startswith(self.root):
            # A document: its number tells it, whatever its name is written in.
            _start, number, name = path.rsplit("/", 2)
            return f"attachments/{number}{PurePosixPath(name).suffix.lower()}"
        if not ending:
            return ""
        below = PurePosixPath(path.removeprefix(self.root))
        stem = below.parent if below.name == ending else below.with_suffix("")
        return f"files/{stem}.{ending}"

    def _pack_looks(self, wanted: set[str]) -> None:
        """Pack style sheets and pictures, and what style sheets are made of."""
        waiting, seen = sorted(wanted), set(wanted)
        while waiting:
            path = waiting.pop(0)
            content = static_file(path)
            if content is None:
                continue
            self.names[path] = f"static/{path.strip('/').partition('/')[2]}"
            self.package.add(Entry(self.names[path], [content]))
            if path.endswith(".css"):
                more = set(addresses_in_style(content.decode(), at=path)) - seen
                seen |= more
                waiting += sorted(more)

    def _pack_page(self, path: str) -> None:
        html, name = self.pages[path], self.names[path]
        title = _TITLE.search(html)
        words = " ".join(unescape(title[1]).split()) if title else ""
        # Every page names the site behind its own title.
        words = words.rpartition(" - ")[0] or words
        offline = read_offline(html, at=path, name=name, names=self.names)
        self.package.add(Entry(name, [offline.encode()], words, path))


def _pieces(response: HttpResponseBase) -> Iterator[bytes]:
    """Yield the content of an answer, in pieces."""
    if response.streaming:
        yield from response.streaming_content  # type: ignore[attr-defined] # a streaming answer
        return
    content: bytes = response.content  # type: ignore[attr-defined] # a whole answer
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]


def public_address(path: str, site: str) -> str:
    """Return where something is public, with the beginning of the site's addresses."""
    return f"{site}{path}" if path and not urlsplit(path).netloc else path
