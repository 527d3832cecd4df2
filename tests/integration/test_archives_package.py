"""The package for the archives office: whole, readable offline, checkable, the same twice."""

import csv
import hashlib
import io
import json
import re
import subprocess
import zipfile
from posixpath import dirname, join, normpath

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import PageLogEntry, ReferenceIndex

from consultations.models import DecisionItemPage, Opinion
from decisions.archives.offline import read_offline
from decisions.models import DecisionPage
from portal.accounts.roles import Role
from portal.core.packing import Entry, Package
from tests import factories
from tests.factories.crowd import a_crowd
from tests.factories.files import a_pdf
from tests.integration.test_redline_page import a_decision_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(settings):
    settings.PUBLIC_URL = "http://localhost"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def page() -> DecisionPage:
    """A decision with everything that came before it, a document, and texts nobody may see."""
    round_ = factories.a_closed_round()
    factories.an_answered_issue(
        factories.a_published_opinion(
            round_, text="公开的意见。", name="王建言", email="wang@example.com", article=2
        ),
        title="每户一个端口",
        article=2,
    )
    factories.an_answered_issue(factories.a_withheld_opinion(round_, text="不公开的意见。"))
    factories.a_summary(round_)
    page = a_decision_on(round_)
    document = Document.objects.create(title="附表", file=ContentFile(a_pdf(), name="table.pdf"))
    page.attachments = [("attachment", {"document": document, "title": "附表一"})]
    page.save()
    ReferenceIndex.create_or_update_for_object(page)
    factories.a_draft_round(page.item, title="第二次征求意见的草稿")
    return DecisionPage.objects.get(pk=page.pk)


def taken(client: Client, item: DecisionItemPage) -> bytes:
    response = client.post(reverse("archives_package", args=[item.pk]))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/zip"
    return b"".join(response.streaming_content)


def by(role: Role = Role.PORTAL_PUBLISHER, **fields: object) -> Client:
    client = Client()
    client.force_login(factories.a_member_of_staff(role, username="archivist", **fields))
    return client


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_the_digests_hold_for_a_program_that_knows_nothing_of_us(page, tmp_path) -> None:
    with zipfile.ZipFile(io.BytesIO(taken(by(), page.item))) as package:
        package.extractall(tmp_path)
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]

    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0

    listed = (tmp_path / "SHA256SUMS").read_text().splitlines()
    there = {one for one in tmp_path.rglob("*") if one.is_file()}
    assert len(listed) == len(there) - 1
    (tmp_path / "metadata.json").write_text("{}")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_everything_public_is_in_it_and_nothing_else(page) -> None:
    files = opened(taken(by(), page.item))

    assert {
        "index.html",
        "metadata.json",
        "opinions.csv",
        "SHA256SUMS",
        "static/css/site.css",
        "static/css/components/redline.css",
        "pages/index.html",
        "pages/consultation-1/index.html",
        "pages/consultation-1/opinions/index.html",
        "pages/consultation-1/feedback/index.html",
        "pages/decision/index.html",
        "pages/decision/redline/index.html",
        f"pages/decision/versions/{page.live_revision_id}/index.html",
        "files/consultation-1/paper.docx",
        "files/consultation-1/feedback/table.csv",
        "files/decision/paper.docx",
        "files/decision/redline/paper.docx",
        "files/decision/redline/changes.csv",
        "files/decision/redline/changes.json",
    } <= files.keys()
    assert sum(name.startswith("attachments/") for name in files) == 1
    whole = b"\n".join(files.values()).decode(errors="replace")
    assert "公开的意见。" in whole
    for hidden in ("不公开的意见", "wang@example.com", "王建言", "第二次征求意见的草稿"):
        assert hidden not in whole


def test_its_pages_lead_only_to_files_that_are_there_or_to_the_public_site(page) -> None:
    files = opened(taken(by(), page.item))

    for name, content in files.items():
        if not name.endswith(".html"):
            continue
        html = content.decode()
        assert '<script type="module"' not in html
        for address in re.findall(r'\s(?:href|src|action)="([^"]*)"', html):
            if re.match(r"https?:|mailto:|tel:|#", address):
                continue
            target = normpath(join(dirname(name), address.partition("#")[0]))
            assert target in files, (name, address)


def test_the_same_state_gives_the_same_bytes(page) -> None:
    client = by()
    first = taken(client, page.item)
    cache.clear()

    assert taken(client, page.item) == first


def test_the_metadata_and_the_opinions_say_what_is_public(page) -> None:
    files = opened(taken(by(), page.item))

    said = json.loads(files["metadata.json"])
    assert said["decisions"][0]["document_number"] == page.document_no
    assert said["matter"]["number"] == page.item.number
    assert said["consultations"][0]["opinions"] == 2
    assert said["gaps"] == []
    rows = list(csv.reader(io.StringIO(files["opinions.csv"].decode("utf-8-sig"))))
    assert len(rows) == 2
    assert "公开的意见。" in rows[1]
    assert "1 每户一个端口" in rows[1]
    receipt = Opinion.objects.order_by("pk").first().receipt_no
    assert receipt not in files["opinions.csv"].decode()


def test_the_export_is_on_record_with_its_digest(page) -> None:
    content = taken(by(), page.item)

    entry = PageLogEntry.objects.get(action="consultations.export", page=page.item.pk)
    assert entry.user.username == "archivist"
    assert entry.data["what"] == "archives_package"
    assert entry.data["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry.data["count"] == len(opened(content)) - 1


def test_asking_takes_nothing_and_the_button_is_there(page) -> None:
    client = by()
    address = reverse("archives_package", args=[page.item.pk])

    html = client.get(address).content.decode()

    assert "SHA256SUMS" in html
    assert not PageLogEntry.objects.filter(action="consultations.export").exists()
    edit = client.get(reverse("wagtailadmin_explore", args=[page.item.pk])).content.decode()
    assert address in edit


def test_nobody_of_another_unit_takes_it(page) -> None:
    other = factories.a_unit("澜川市水务局", "水务局")
    client = by(Role.UNIT_EDITOR, unit=other)

    for answer in (client.get, client.post):
        assert answer(reverse("archives_package", args=[page.item.pk])).status_code == 404


def test_a_matter_that_is_not_public_has_no_package() -> None:
    item = factories.a_draft_matter()

    assert by().post(reverse("archives_package", args=[item.pk])).status_code == 404


def test_a_thousand_opinions_take_hardly_more_statements_than_ten() -> None:
    round_ = factories.an_open_round()
    client, counts = by(), {}
    for target in (10, 1_000):
        a_crowd(round_, target - Opinion.objects.count())
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            files = opened(taken(client, round_.item))
        counts[target] = len(captured)
        assert files["opinions.csv"].count(b"\r\n") >= target + 1
    assert counts[1_000] - counts[10] <= 5


def test_a_text_that_looks_like_an_address_stays_a_text() -> None:
    html = '<p>href=&quot;/x/&quot;</p><a href="/a/?q=1&amp;r=2#b">x</a> <a href="#c">y</a>'

    read = read_offline(html, at="/m/", name="pages/index.html", names={"/a/": "pages/a.html"})

    assert "href=&quot;/x/&quot;" in read
    assert '<a href="http://localhost/a/?q=1&amp;r=2#b">' in read
    assert '<a href="#c">' in read


def test_an_entry_is_packed_in_pieces() -> None:
    package = Package()

    done = package.add(Entry("a.txt", iter([b"one", b"two"]), "A"))

    assert done.size == 6
    assert done.sha256 == hashlib.sha256(b"onetwo").hexdigest()
    assert opened(b"".join(package.finished()))["a.txt"] == b"onetwo"
