"""Two people at one record: what an act was decided on must still be what the record says.

A record that people act on has a `version`, counted up by every verb that changes it. A form
carries the version it showed; the verb, with the row locked, refuses one that is no longer true.
"""


class Overtaken(Exception):
    """Somebody else acted on the record after it was read; nothing was written."""


def require_seen(seen: int | None, version: int) -> None:
    """Let an act pass that was decided on the record as it is.

    Args:
        seen: the version that was shown; None for acts that do not depend on it.
        version: the version of the row, which is locked.

    Raises:
        Overtaken: they differ.

    """
    if seen is not None and seen != version:
        raise Overtaken
