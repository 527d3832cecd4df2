"""What an act changed, in words: the codes and days of a log entry become a sentence for people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from consultations.lifecycle import Display, Outcome, Stage, WithheldReason
from decisions.lifecycle import ReviewResult
from portal.core.dates import day_in_words

_NAMES: Mapping[str, Any] = {
    "live": gettext_lazy("public"),
    "name_consent": gettext_lazy("name shown"),
    "opens_on": gettext_lazy("opens"),
    "closes_on": gettext_lazy("closes"),
    "due_on": gettext_lazy("due on"),
    "assignee": gettext_lazy("person in charge"),
    "issue": gettext_lazy("issue"),
    "version": gettext_lazy("version"),
}
_CHOICES: Mapping[str, type[Choices]] = {
    "display": Display,
    "stage": Stage,
    "outcome": Outcome,
    "result": ReviewResult,
    "reason": WithheldReason,
}


def before_and_after(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return what stood before an act and after it, each in words or the empty string."""
    if "from" in data and "to" in data:
        return _state({"stage": data["from"]}), _state({"stage": data["to"]})
    return _state(data.get("before")), _state(data.get("after"))


def _state(values: Any) -> str:
    """Return one side of a change in words."""
    if not isinstance(values, Mapping):
        return "" if values in (None, "") else str(values)
    said = [
        _value(key, values[key])
        for key in sorted(values, key=_place)
        if values[key] not in (None, "")
    ]
    return pgettext("list", ", ").join(said)


def _place(key: str) -> tuple[int, str]:
    """Return where a value stands in the sentence; a database need not keep the order of keys."""
    order = (*_CHOICES, *_NAMES)
    return (order.index(key) if key in order else len(order)), key


def _value(key: str, value: Any) -> str:
    """Return one value of a change in words; a code that is not known stays as it is."""
    if key in _CHOICES:
        known = {str(one): str(one.label) for one in _CHOICES[key]}
        return known.get(str(value), str(value))
    name = str(_NAMES.get(key, key))
    return _("%(name)s: %(value)s") % {"name": name, "value": _plain(value)}


def _plain(value: Any) -> str:
    """Return a truth value, a day or anything else as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    try:
        return day_in_words(date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)
