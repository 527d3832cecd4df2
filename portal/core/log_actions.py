"""How an act that a service logged reads on history pages."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Choices
from wagtail.log_actions import LogActionRegistry, LogFormatter

# label, message with %(key)s for each key of the last: key of the logged data -> its enumeration
LogAction = tuple[Any, Any, Mapping[str, type[Choices]]]


def register(actions: LogActionRegistry, named: Mapping[str, LogAction]) -> None:
    """Register log actions under their names; choices in the logged data are put into words."""
    for name, (label, message, choices) in named.items():
        actions.register_action(name)(_formatter(label, message, choices))


def _formatter(
    action_label: Any, action_message: Any, choices: Mapping[str, type[Choices]]
) -> type[LogFormatter]:
    class Formatter(LogFormatter):
        label = action_label
        message = action_message

        def format_message(self, log_entry: Any) -> str:
            words = {key: enum(log_entry.data[key]).label for key, enum in choices.items()}
            return str(self.message) % words

    return Formatter
