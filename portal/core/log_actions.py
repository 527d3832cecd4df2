"""How an act that a service logged reads on history pages."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Choices
from wagtail.log_actions import LogActionRegistry, LogFormatter

# label, message with %(key)s for keys of the logged data, the enumerations of those that have one
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
            data = log_entry.data
            words = {key: enum(data[key]).label for key, enum in choices.items()}
            return str(self.message) % (data | words)

    return Formatter
