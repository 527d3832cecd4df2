"""The legal rules of the decision; importing this package registers them all."""

from decisions.compliance import cleanup, document, evaluation, past, review

__all__ = ["cleanup", "document", "evaluation", "past", "review"]
