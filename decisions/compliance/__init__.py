"""The legal rules of the decision; importing this package registers them all."""

from decisions.compliance import document, evaluation, review

__all__ = ["document", "evaluation", "review"]
