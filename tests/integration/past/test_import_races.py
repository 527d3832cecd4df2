"""Imports at the same moment: an index number is recorded once, an import confirmed once.

Only a server database lets two transactions run beside each other; SQLite queues them.
"""

import pytest
from django.utils import timezone, translation

from decisions.models import DecisionPage, PastImport, RowOutcome
from decisions.past.files import FolderFiles
from decisions.past.table import rows_of
from decisions.services import confirm_import, go_on_importing, upload_import
from decisions.services.past import carry_out_row
from decisions.services.past_import import TOPIC_IMPORT
from decisions.services.past_plan import PastTable
from portal.core.findings import Refused
from portal.core.models import OutboxMessage
from tests import factories
from tests.factories.files import an_upload
from tests.factories.past import a_folder, a_row, a_zip
from tests.integration.together import AT_ONCE, together

pytestmark = AT_ONCE

MANY = 6


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = str(tmp_path / "private")
    factories.the_catalogue_index()


def planned(folder, row):
    """What a row would do, as long as nobody else has recorded anything."""
    folder.mkdir()
    path = a_folder(folder, [row])
    with path.open("rb") as file:
        (read,) = rows_of(file, name=path.name)
        return PastTable(FolderFiles(folder), at=timezone.now()).plan(read)


def uploaded(by, *rows):
    """An import of which every row was checked."""
    file = an_upload("历史决策.zip", a_zip(list(rows)))
    upload = upload_import(file=file, by=by, at=timezone.now())
    go_on_importing(import_id=upload.pk, at=timezone.now())
    return PastImport.objects.get(pk=upload.pk)


def test_of_imports_of_one_index_number_one_is_recorded(tmp_path):
    plans = [planned(tmp_path / str(n), a_row(1, title=f"第{n}次的标题")) for n in range(MANY)]
    assert {plan.outcome for plan in plans} == {RowOutcome.NEW}
    by = factories.a_publisher()

    def record(n):
        with translation.override("en"):
            carry_out_row(plan=plans[n], by=by, at=timezone.now())

    together(record, MANY)

    (first,) = (plan for plan in plans if plan.outcome is RowOutcome.NEW)
    assert DecisionPage.objects.get().title == first.read.said.title
    refused = [plan.problems for plan in plans if plan.outcome is RowOutcome.REFUSED]
    assert refused == [[("", "Another import has just recorded this index number.")]] * (MANY - 1)


def test_imports_into_one_year_number_their_matters_one_after_the_other(tmp_path):
    plans = [
        planned(tmp_path / str(n), a_row(1, index_no=f"LC0101-2011-{n:05}", document_no=""))
        for n in range(MANY)
    ]

    together(lambda n: carry_out_row(plan=plans[n], by=None, at=timezone.now()), MANY)

    assert [plan.problems for plan in plans] == [[]] * MANY
    pages = DecisionPage.objects.all()
    assert sorted(page.item.number for page in pages) == list(range(1, MANY + 1))
    assert len({page.path for page in pages}) == MANY


def test_two_imports_with_one_index_number_are_carried_out_together():
    by = factories.a_publisher()
    imports = [uploaded(by, a_row(1, title=title)) for title in ("甲办法", "乙办法")]
    for one in imports:
        confirm_import(upload=one, by=by, at=timezone.now())

    together(lambda n: go_on_importing(import_id=imports[n].pk, at=timezone.now()), 2)

    outcomes = [one.rows.get().outcome for one in imports]
    assert sorted(outcomes) == sorted([RowOutcome.NEW, RowOutcome.REFUSED])
    recorded = ("甲办法", "乙办法")[outcomes.index(RowOutcome.NEW)]
    assert DecisionPage.objects.get().title == recorded
    assert not PastImport.objects.filter(ended_at=None).exists()


def test_an_import_is_confirmed_once():
    by = factories.a_publisher()
    upload = uploaded(by, a_row(1))
    OutboxMessage.objects.all().delete()

    def confirm(_n):
        try:
            confirm_import(upload=upload, by=by, at=timezone.now())
        except Refused:
            return False
        return True

    assert sorted(together(confirm, MANY)) == [False] * (MANY - 1) + [True]
    assert OutboxMessage.objects.filter(topic=TOPIC_IMPORT).count() == 1
