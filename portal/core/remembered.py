"""What is asked for over and over, remembered for a while: a minute, unless the caller says else.

A minute is how long a page may be shared: an editor's change of what is remembered shows after at
most that time, as any change of a cached page does.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SECONDS = 60
Value = TypeVar("Value")


def remembered(name: str, read: Callable[[], Value], *, seconds: int = SECONDS) -> Value:
    """Return the value under `name`, asking `read` when it is not remembered or the cache is down.

    Rules never use this: an act is judged by what is stored now.

    Args:
        name: of the value; one that tells all that the value is made of may be kept for longer.
        read: makes the value.
        seconds: for how long it is kept.

    """
    key = f"remembered:{name}"
    try:
        value: Any = cache.get(key)
        if value is None:
            value = read()
            cache.set(key, value, seconds)
    except (OSError, RedisError) as error:
        logger.warning("The cache does not answer: %s", type(error).__name__)
        return read()
    return value
