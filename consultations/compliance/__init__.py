"""The legal rules before the decision; importing this package registers them all."""

from consultations.compliance import catalogue, consultation, feedback, opinion

__all__ = ["catalogue", "consultation", "feedback", "opinion"]
