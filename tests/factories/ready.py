"""What stands ready for all tests of a module, because making it takes longer than most of them.

A module asks with the mark `ready`: what the named factories make without arguments is made once,
in a transaction that is taken back behind the module's last test. The first such call in each test
gets it, fresh from the database; every other call makes a new one, as ever.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db.models import Model

Given = ParamSpec("Given")
Made = TypeVar("Made", bound=Model)

# By the name of the factory, for the test that runs.
_SHELF: dict[str, Model] = {}


def may_stand_ready(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Hand out what stands ready instead, where a call asks for nothing special."""

    @wraps(make)
    def made(*given: Given.args, **special: Given.kwargs) -> Made:
        is_plain = all(value is None for value in (*given, *special.values()))
        found = _SHELF.pop(make.__name__, None) if is_plain else None
        return make(*given, **special) if found is None else type(found).objects.get(pk=found.pk)

    return made


def lay_out(stock: dict[str, Model]) -> None:
    """Put on the shelf what a test may take, and nothing else."""
    _SHELF.clear()
    _SHELF.update(stock)
