"""Keeping the secrets that stand in addresses out of the log; no Django here, settings name it."""

import logging
import re

# Whatever follows the names of the pages that a mailed link opens, at any length: a link that a
# mail program has cut is still nearly the whole secret.
_SECRETS = re.compile(r"(/(?:opinions|subscriptions)/(?:confirm|mine|stop)/)[^/\s?#'\"]+")


class DiscreetFormatter(logging.Formatter):
    """Writes a line, and its traceback, without the secrets of mailed links."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text with each secret replaced."""
        return without_secrets(super().format(record))


def without_secrets(text: str) -> str:
    """Return a text in which the secret of every mailed link is replaced by an ellipsis."""
    return _SECRETS.sub(r"\1…", text)
