"""What the public pages of a consultation cost, with few opinions and with very many."""

from collections.abc import Iterator
from functools import partial

from django.test import Client
from django.test.utils import override_settings

from tests.benchmarks.stage import Stage, ratio, seen, the_stage, warm_statements

FEW = 20
MANY = 10_000
VERY_MANY = 100_000


def usual() -> Iterator[tuple[str, float]]:
    """Yield the figures of a round with few opinions and with 10,000."""
    stage = the_stage()
    stage.fill(FEW)
    shown, listed = warm_statements(stage.view), warm_statements(stage.view_list)
    yield "consultation_statements", shown
    yield "list_statements", listed
    few = stage.cpu(stage.view)
    yield "consultation_cpu_in_bare_views", few
    yield "consultation_cached_in_bare_views", kept_view(stage)
    stage.fill(MANY)
    yield "consultation_statements_10000_more", warm_statements(stage.view) - shown
    yield "list_statements_10000_more", warm_statements(stage.view_list) - listed
    yield "consultation_html_kilobytes", len(stage.view()) / 1000
    yield "consultation_cpu_10000_by_20", stage.cpu(stage.view) / few


def large() -> Iterator[tuple[str, float]]:
    """Yield the figures of a round with 100,000 opinions."""
    stage = the_stage()
    stage.fill(FEW)
    shown, listed = warm_statements(stage.view), warm_statements(stage.view_list)
    few, few_listed = stage.cpu(stage.view), stage.cpu(stage.view_list)
    stage.fill(VERY_MANY)
    yield "consultation_statements_100000_more", warm_statements(stage.view) - shown
    yield "list_statements_100000_more", warm_statements(stage.view_list) - listed
    yield "consultation_cpu_100000_by_20", stage.cpu(stage.view) / few
    yield "list_cpu_100000_by_20", stage.cpu(stage.view_list) / few_listed
    yield "consultation_html_kilobytes_100000", len(stage.view()) / 1000
    yield "list_html_kilobytes_100000", len(stage.view_list()) / 1000


def kept_view(stage: Stage) -> float:
    """Return what a view of the consultation page costs that was made just before."""
    with override_settings(KEEP_PAGES=True):
        reader = Client()
        work = partial(seen, reader, stage.address)
        assert warm_statements(work) == 0
        return ratio(work, stage.bare)
