"""Past decisions as a ZIP in the administration: checked by the worker, confirmed, recorded."""

import io
import zipfile
from datetime import timedelta
from http import HTTPStatus

import openpyxl
import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from lxml.html import fromstring
from wagtail.log_actions import registry

from decisions.models import DecisionPage, PastImport
from decisions.past.columns import COLUMNS
from decisions.services import go_on_importing, purge_imports
from decisions.services.past_import import TOPIC_IMPORT
from portal.accounts.roles import Role
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due
from portal.core.private_files import PrivateFiles
from tests import factories
from tests.factories.files import a_pdf_that_says, an_upload
from tests.factories.past import a_row, a_zip, as_csv
from tests.integration.catalogue_tables import signed_in
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = str(tmp_path / "private")
    settings.LANGUAGE_CODE = "en"
    factories.the_catalogue_index()
    with translation.override("en"):
        yield


@pytest.fixture
def publisher():
    return signed_in(factories.a_publisher())


def upload(client, content):
    data = {"file": an_upload("历史决策.zip", content)}
    return client.post(reverse("past_imports"), data, follow=True)


def work():
    """The worker carries out what was promised."""
    while deliver_due(at=timezone.now() + timedelta(seconds=1)):
        pass


def shown(client, query=""):
    table = PastImport.objects.get()
    return client.get(reverse("past_import", args=[table.pk]) + query)


def counts(response):
    return {str(outcome.value): n for outcome, n in response.context["counts"] if n}


def test_a_zip_is_checked_confirmed_and_recorded(publisher, committed):
    rows = [a_row(1), a_row(2, file="b.pdf"), a_row(3, topic="停车")]
    page = upload(publisher, a_zip(rows, {"b.pdf": a_pdf_that_says("第一条 甲。")}))
    assert "Being checked" in page.content.decode()
    assert "0 of 3 rows so far." in page.content.decode()
    assert not DecisionPage.objects.exists()

    work()
    page = shown(publisher)
    assert counts(page) == {"new": 2, "refused": 1}
    told = page.content.decode()
    assert "“停车” is not known here." in told
    assert "Record 2 decisions, public at once" in " ".join(told.split())
    assert not DecisionPage.objects.exists()

    publisher.post(page.context["request"].path)
    with committed():
        work()
    assert DecisionPage.objects.live().count() == 2
    table = PastImport.objects.get()
    assert table.ended_at is not None
    assert not table.file
    assert PrivateFiles().listdir("past")[1] == []
    page = shown(publisher, "?rows=new")
    assert len(page.context["page_obj"].object_list) == 2
    logged = registry.get_logs_for_instance(DecisionPage.objects.first())
    entry = logged.get(action="decisions.record_past_decision")
    assert entry.user == table.confirmed_by == table.uploaded_by


def test_the_same_zip_again_has_nothing_to_record(publisher):
    for _round in range(2):
        upload(publisher, a_zip([a_row(1)]))
        work()
        table = PastImport.objects.first()
        address = reverse("past_import", args=[table.pk])
        page = publisher.get(address)
        publisher.post(address)
        work()
    assert counts(page) == {"same": 1}
    assert "public at once" not in page.content.decode()
    assert DecisionPage.objects.get().revisions.count() == 1


@pytest.mark.parametrize(
    "name", ["past_plan.read_row", "past_plan.read_text", "past.opening_instant"]
)
def test_a_fault_of_ours_costs_its_row_alone(publisher, monkeypatch, caplog, name):
    row = a_row(1)
    upload(publisher, a_zip([row, a_row(2)]))
    own = f"decisions.services.{name}"
    real = import_string(own)

    def breaks_once(*args, **kwargs):
        monkeypatch.setattr(own, real)
        raise OverflowError(row["title"])

    monkeypatch.setattr(own, breaks_once)
    work()
    publisher.post(shown(publisher).context["request"].path)
    work()
    page = shown(publisher)
    assert counts(page) == {"new": 1, "refused": 1}
    assert "A fault of the portal keeps this row" in page.content.decode()
    assert PastImport.objects.get().ended_at is not None
    assert DecisionPage.objects.live().get().title == "澜川市第2号管理办法"
    assert "OverflowError" in caplog.text
    assert row["title"] not in caplog.text


def test_a_database_that_is_away_is_asked_again(publisher, monkeypatch):
    upload(publisher, a_zip([a_row(1)]))

    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("decisions.services.past_plan.read_text", away)
    work()
    table = PastImport.objects.get()
    assert not table.rows.exists()
    assert OutboxMessage.objects.get(topic=TOPIC_IMPORT).last_error == "OperationalError"


def test_a_row_that_was_refused_at_the_check_is_left_out(publisher):
    upload(publisher, a_zip([a_row(1, unit="新设的局"), a_row(2)]))
    work()
    factories.a_unit("市新设局", "新设的局")
    publisher.post(shown(publisher).context["request"].path)
    work()
    page = shown(publisher)
    assert counts(page) == {"new": 1, "refused": 1}
    assert "“新设的局” is not known here." in page.content.decode()
    assert DecisionPage.objects.get().title == "澜川市第2号管理办法"
    assert PastImport.objects.get().done_count == 2


@pytest.mark.parametrize("was_there", [False, True])
def test_an_import_that_waited_undoes_no_later_one(publisher, was_there):
    """Both were looked at before either was recorded; the later word stays."""
    if was_there:
        recorded(publisher, a_row(1, source="甲"))
    other = signed_in(factories.a_member_of_staff(Role.PORTAL_PUBLISHER, username="another"))
    waits = uploaded(publisher, a_row(1, title="第一次的标题"))
    later = uploaded(publisher, a_row(1, title="第二次的标题"))
    for address in (later, waits):
        other.post(address)
        work()
    page = publisher.get(waits)
    assert counts(page) == {"refused": 1}
    assert "has changed since this row was checked" in page.content.decode()
    assert DecisionPage.objects.get().title == "第二次的标题"


def uploaded(client, *rows):
    """The address of an import that waits to be confirmed."""
    upload(client, a_zip(list(rows)))
    work()
    return reverse("past_import", args=[PastImport.objects.first().pk])


def recorded(client, *rows):
    address = uploaded(client, *rows)
    client.post(address)
    work()
    return client.get(address)


def test_what_changes_a_record_is_confirmed_by_somebody_else(publisher):
    recorded(publisher, a_row(1))
    address = uploaded(publisher, a_row(1, title="另一个标题"))
    page = publisher.get(address)
    assert "Somebody else than who uploaded it has to confirm it" in page.content.decode()
    assert "public at once" not in page.content.decode()
    assert "PAST-3" in said(publisher.post(address, follow=True))
    assert PastImport.objects.first().confirmed_at is None

    other = signed_in(factories.a_member_of_staff(Role.PORTAL_PUBLISHER, username="another"))
    assert "public at once" in " ".join(other.get(address).content.decode().split())
    other.post(address)
    work()
    assert DecisionPage.objects.get().title == "另一个标题"


def test_which_rows_are_shown_is_said(publisher):
    address = uploaded(publisher, a_row(1), a_row(2, topic="停车"))
    for query, name, rows in (
        ("", "Rows with something to look at", 1),
        ("?rows=none", "Rows with something to look at", 1),
        ("?rows=all", "All rows", 2),
        ("?rows=new", "New 1", 1),
    ):
        page = fromstring(publisher.get(address + query).content)
        (current,) = page.xpath("//main//*[@aria-current='true']")
        assert current.text_content().strip() == name
        assert len(page.xpath("//table[@class='cat-check']//th[@scope='row']")) == rows


def test_every_table_has_a_caption_and_heads_its_rows(publisher):
    uploaded(publisher, a_row(1))
    page = fromstring(publisher.get(reverse("past_imports")).content)
    for table in page.xpath("//table[@class='cat-check']"):
        assert table.xpath("caption")
        assert all(row.xpath("th[@scope='row']") for row in table.xpath("tbody/tr"))


def test_an_interrupted_pass_goes_on_where_it_stopped(publisher, monkeypatch):
    upload(publisher, a_zip([a_row(number) for number in (1, 2, 3)]))
    table = PastImport.objects.get()
    monkeypatch.setattr("decisions.services.past_import.PORTION", timedelta(0))
    OutboxMessage.objects.all().delete()
    go_on_importing(import_id=table.pk, at=timezone.now())
    assert table.rows.count() == 0
    assert OutboxMessage.objects.filter(topic=TOPIC_IMPORT).count() == 1
    monkeypatch.undo()
    go_on_importing(import_id=table.pk, at=timezone.now())
    go_on_importing(import_id=table.pk, at=timezone.now())
    assert [row.number for row in table.rows.all()] == [2, 3, 4]


def test_a_number_that_comes_twice_is_found_across_portions(publisher):
    rows = [a_row(1), a_row(2, index_no=a_row(1)["index_no"])]
    upload(publisher, a_zip(rows))
    work()
    table = PastImport.objects.get()
    table.rows.filter(number=3).delete()
    go_on_importing(import_id=table.pk, at=timezone.now())
    assert table.rows.get(number=3).outcome == "refused"


def test_an_upload_can_be_discarded_and_is_forgotten_in_time(publisher):
    upload(publisher, a_zip([a_row(1)]))
    work()
    table = PastImport.objects.get()
    address = reverse("past_import_discard", args=[table.pk])
    assert address in shown(publisher).content.decode()
    asked = publisher.get(address).content.decode()
    assert "with its file and all that was found?" in asked
    assert PastImport.objects.exists()
    publisher.post(address)
    assert not PastImport.objects.exists()

    upload(publisher, a_zip([a_row(1)]))
    assert purge_imports(at=timezone.now() + timedelta(days=6)) == 0
    assert purge_imports(at=timezone.now() + timedelta(days=8)) == 1
    assert not PastImport.objects.exists()


def test_what_was_confirmed_is_neither_confirmed_again_nor_discarded(publisher):
    upload(publisher, a_zip([a_row(1)]))
    address = reverse("past_import", args=[PastImport.objects.get().pk])
    assert "not waiting for a confirmation" in said(publisher.post(address, follow=True))
    work()
    publisher.post(address)
    assert "was confirmed" in said(publisher.post(f"{address}discard/", follow=True))
    assert PastImport.objects.get().confirmed_at is not None


def a_heading():
    """A row of empty cells: the table has headings only."""
    return {one.key: "" for one in COLUMNS}


def zipped(*entries):
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return place.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no ZIP file"),
        (b"no zip", "no ZIP file"),
        (zipped(("a.md", "甲")), "just one table"),
        (zipped(("a.csv", "甲"), ("b.csv", "乙")), "just one table"),
        (zipped(("a.csv", "标题\n甲")), "lacks these headings"),
        (zipped(("a.csv", as_csv([a_heading()]))), "no row"),
        (zipped(("a.csv", "0" * 3_000_000)), "far too large"),
        (zipped(*((f"{n}.md", "") for n in range(10_001))), "more than 10000 files"),
    ],
)
def test_a_zip_that_cannot_be_taken_is_refused_at_once(publisher, content, sentence):
    page = upload(publisher, content)
    assert page.status_code == HTTPStatus.OK
    assert sentence in page.content.decode()
    assert not PastImport.objects.exists()


def test_names_as_chinese_windows_packs_them_and_folders_are_found(publisher):
    row = a_row(1, file="正文\\办法.md")
    parts = {"表/清单.csv": as_csv([row]), "表/正文/办法.md": "第一条 甲。".encode()}
    # Python writes such names as UTF-8 only: names of the same length are put in, then replaced.
    names = {f"{n}{'x' * (len(name.encode('gb18030')) - 1)}": name for n, name in enumerate(parts)}
    raw = zipped(*((ascii_name, parts[name]) for ascii_name, name in names.items()))
    for ascii_name, name in names.items():
        raw = raw.replace(ascii_name.encode(), name.encode("gb18030"))
    upload(publisher, raw)
    work()
    assert counts(shown(publisher)) == {"new": 1}


def test_a_row_does_not_reach_out_of_the_zip(publisher):
    upload(publisher, a_zip([a_row(1, file="../../etc/passwd.md"), a_row(2, file="/etc/hosts.md")]))
    work()
    told = shown(publisher).content.decode()
    assert told.count("leads out of the table&#x27;s folder") == 2


def test_the_template_has_every_column_and_what_the_cells_may_say(publisher):
    response = publisher.get(reverse("past_template"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    first = [cell.value for cell in book.worksheets[0][1]]
    assert first[:2] == ["标题*", "索引号*"]
    assert "来源" in first
    allowed = {row[1].value for row in book.worksheets[1].iter_rows(min_row=2)}
    assert {"城乡建设、环境保护"} <= allowed


def test_only_the_disclosure_office_brings_past_decisions_in():
    for person in (factories.an_editor(), factories.a_legal_reviewer(), factories.a_clerk()):
        client = signed_in(person)
        assert client.get(reverse("past_imports")).status_code == HTTPStatus.FOUND
        assert client.post(reverse("past_imports")).status_code == HTTPStatus.FOUND
