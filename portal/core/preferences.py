"""How a reader wants the pages shown: type size and contrast, light or dark; pure.

Kept in one cookie that says nothing about the person, so shared caches can tell pages apart by it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

COOKIE_NAME = "pref"
COOKIE_SECONDS = 365 * 24 * 3600


class Mode(StrEnum):
    """Standard, large type for the elderly 大字版, or high contrast 高对比."""

    STANDARD = "standard"
    ELDER = "elder"
    CONTRAST = "contrast"


class Theme(StrEnum):
    """Light, dark, or as the reader's system says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Preferences:
    """The chosen mode and theme."""

    mode: Mode = Mode.STANDARD
    theme: Theme = Theme.AUTO

    @classmethod
    def from_cookie(cls, text: str) -> "Preferences":
        """Read the cookie; what cannot be read counts as not chosen."""
        mode, _, theme = text.partition(".")
        return cls().choose(mode=mode, theme=theme)

    def choose(self, *, mode: str = "", theme: str = "") -> "Preferences":
        """Return the preferences after a choice; unknown values change nothing."""
        chosen = self
        if mode in set(Mode):
            chosen = replace(chosen, mode=Mode(mode))
        if theme in set(Theme):
            chosen = replace(chosen, theme=Theme(theme))
        return chosen

    @property
    def cookie(self) -> str:
        """The cookie's value, like elder.dark."""
        return f"{self.mode}.{self.theme}"
