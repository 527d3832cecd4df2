"""What the file of a year was when it was last made, known until the official day ends.

On another day the file is another one. One that was not made, or that the cache lost, says nothing.
"""

import logging
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

from portal.core.dates import midnight_after

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """A file that was made.

    Attributes:
        at: when.
        size: in bytes.
        sha256: its digest.

    """

    at: datetime
    size: int
    sha256: str


def keep_made(year: int, made: Made) -> None:
    """Keep what the file of a year was, until the day on which it was made ends."""
    seconds = int((midnight_after(made.at) - made.at).total_seconds())
    try:
        # Plain values, which another release reads as well.
        cache.set(_key(year), astuple(made), seconds)
    except (OSError, RedisError) as error:
        _tell(error)


def made_of(years: Iterable[int], *, at: datetime) -> dict[int, Made]:
    """Return what the files of these years were, of those that were made on the day of `at`."""
    keys = {_key(year): year for year in years}
    try:
        kept = cache.get_many(keys)
    except (OSError, RedisError) as error:
        _tell(error)
        return {}
    found = {keys[key]: Made(*values) for key, values in kept.items()}
    return {year: made for year, made in found.items() if at < midnight_after(made.at)}


def _key(year: int) -> str:
    return f"open-data-made:{year}"


def _tell(error: Exception) -> None:
    logger.warning("The cache does not answer: %s", type(error).__name__)
