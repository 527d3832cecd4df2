"""The legal rules before the decision; importing this package registers them all."""

from consultations.compliance import (
    catalogue,
    consultation,
    display,
    feedback,
    hearing,
    interpretation,
    matter,
    opinion,
    release,
    site,
)

__all__ = [
    "catalogue",
    "consultation",
    "display",
    "feedback",
    "hearing",
    "interpretation",
    "matter",
    "opinion",
    "release",
    "site",
]
