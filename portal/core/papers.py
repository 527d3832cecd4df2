"""Papers: PDF/UA files made from one of our templates and stylesheets.

Only our own HTML enters, and nothing is fetched: a paper names its stylesheets and pictures as
`own:css/paper.css`, which are looked up among the static files; every other address is refused.
"""

import shutil
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

PRESS = "portal.core.press"
FONT_LIST = "fc-list"
CHINESE = ":lang=zh-cn"
# Seconds; the list of fonts is read from a cache in hundredths of one.
TIMEOUT = 10


@lru_cache(maxsize=1)
def can_print() -> bool:
    """Return whether the library, its native libraries and a Chinese font are there."""
    return _press() is not None and _has_chinese_font()


def paper(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """Return a PDF made from a template, in a language of the site.

    Args:
        template: a whole HTML document with `lang` and `title`.
        context: what the template names; context processors add nothing.
        language: what its texts are translated to.

    Raises:
        RuntimeError: `can_print` says no.

    """
    press = _press()
    if press is None:
        raise RuntimeError("WeasyPrint or a library it needs is not installed.")
    with translation.override(language):
        html = render_to_string(template, dict(context))
    pdf: bytes = press.pressed(html)
    return pdf


@lru_cache(maxsize=1)
def _press() -> ModuleType | None:
    """Return the press, loaded when it is first asked for: that takes half a second."""
    try:
        return import_module(PRESS)
    except (ImportError, OSError):
        # OSError: WeasyPrint is there, a native library that it opens is not.
        return None


def _has_chinese_font() -> bool:
    """Ask fontconfig, from which the library takes its fonts."""
    program = shutil.which(FONT_LIST)
    if program is None:
        return False
    try:
        found = subprocess.run(  # noqa: S603 - a fixed command
            [program, "--quiet", CHINESE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return found.returncode == 0
