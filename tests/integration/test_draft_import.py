"""A draft written in Word comes into a page through the admin, and people's links still hold."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page
from wagtail.users.models import UserProfile

from consultations.models import ConsultationPage
from home.management.commands.tick import Command
from portal.core import staging
from portal.core.blocks import articles_of
from portal.core.drafting import parse_text, reading
from portal.core.models import StagedUpload
from tests import factories
from tests.factories.drafts import a_document, a_paragraph, by_hand, by_python_docx
from tests.factories.files import an_upload
from tests.integration.page_forms import said, save_draft
from tests.unit.test_draft_reading import hostile, source_lines

pytestmark = pytest.mark.django_db

TEXTS = sorted((Path(__file__).parents[1] / "data" / "texts").glob("*(*).md"))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def editor() -> Client:
    return signed_in(factories.an_editor())


def signed_in(user) -> Client:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    client = Client()
    client.force_login(user)
    return client


def upload(client, page, content=b"", name="a.docx", text=""):
    data = {"text": text} | ({"file": an_upload(name, content)} if name else {})
    return client.post(reverse("import_draft", args=[page.pk]), data, follow=True)


def paste(client, page, *lines):
    return upload(client, page, name="", text="\n".join(lines))


def confirm(client, response, **data):
    url = response.context["request"].path
    seen = response.context["form"].fields["seen"].initial
    return client.post(url, {"seen": seen} | data, follow=True)


def latest(page):
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()


def texts(page):
    stream = getattr(latest(page), page.articles_field)
    return [article.text for article in articles_of(stream)]


def ids(page):
    return [article.id for article in articles_of(getattr(latest(page), page.articles_field))]


# From the file to the page


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("write", [by_python_docx, by_hand])
def test_a_real_text_in_word_becomes_the_articles_of_the_page(editor, path, write):
    page = factories.a_draft_round(draft=[])
    lines = source_lines(path)
    printed = [found[1] for line in lines if (found := re.match(r"(第[^\s条]+条)[\s　]", line))]

    shown = upload(editor, page, write(lines))
    confirm(editor, shown)

    found = articles_of(latest(page).draft)
    assert [article.label for article in found] == printed
    text = "".join("".join(line.split()) for line in lines if not line.startswith("#"))
    assert "".join("".join((one.label + one.text).split()) for one in found) == text


def test_the_editor_leads_to_the_import(editor):
    page = factories.a_draft_round()
    decision = factories.a_draft_decision()
    for one in (page, decision):
        html = editor.get(reverse("wagtailadmin_pages:edit", args=[one.pk])).content.decode()
        assert reverse("import_draft", args=[one.pk]) in html
    matter = reverse("wagtailadmin_pages:edit", args=[decision.item.pk])
    assert "Import the draft" not in editor.get(matter).content.decode()
    assert editor.get(reverse("import_draft", args=[decision.item.pk])).status_code == 404
    assert editor.get(reverse("import_draft", args=[99_999])).status_code == 404


def test_nothing_is_changed_before_it_is_confirmed(editor):
    page = factories.a_draft_round()
    before = texts(page)

    shown = paste(editor, page, "第一章 总则", "第一条 甲。")

    assert "1 article recognised" in shown.content.decode()
    assert texts(page) == before
    confirm(editor, shown)
    assert texts(page) == ["甲。"]
    assert not StagedUpload.objects.exists()
    history = editor.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    assert "Articles imported from a draft" in history.content.decode()


def test_what_was_not_understood_is_marked_and_said(editor):
    page = factories.a_draft_round()
    shown = paste(editor, page, "某办法", "第一章 总则", "本章说明。", "第一条 甲。", "第三条 丙。")
    html = shown.content.decode()
    assert html.index("某办法") < html.index("Not understood, not imported") < html.index("甲。")
    assert "After 第一条 comes 第三条" in html
    assert "Before the first article, not imported" in html
    confirm(editor, shown)
    assert texts(page) == ["甲。", "丙。"]


def test_tables_and_notes_are_shown_and_kept(editor):
    page = factories.a_draft_round()
    body = a_paragraph("第一条 标准如下：") + (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>类别</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r>"
        "<w:t>金额</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p>"
        "</w:tc><w:tc><w:p><w:r><w:t>10</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    shown = upload(editor, page, a_document(body))
    assert '<th scope="col">类别</th>' in shown.content.decode()
    assert "<td>10</td>" in shown.content.decode()
    confirm(editor, shown)
    assert texts(page) == ["标准如下：\n类别 | 金额\n甲 | 10"]


def test_words_of_a_stranger_are_shown_as_words(editor):
    page = factories.a_draft_round()
    shown = paste(editor, page, "第一条 <script>alert(1)</script>", "附件 <b>x</b> | <i>y</i>")
    html = shown.content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html
    assert "<i>y" not in html


def test_a_newer_draft_keeps_the_addresses_of_its_articles(editor):
    page = factories.a_draft_round()
    one, two, three = ids(page)
    shown = paste(
        *(editor, page, "第一条 居民可以向物业服务人报修充电设施，物业服务人应当当日处理。"),
        f"第二条 {factories.pages.DRAFT[0]}",
        f"第三条 {factories.pages.DRAFT[2].replace('禁止', '严禁')}",
    )
    assert shown.context["preview"].counts == {"new": 1, "moved": 1, "changed": 1, "gone": 1}
    html = shown.content.decode()
    assert "was 第一条" in html
    assert factories.pages.DRAFT[1] in html.partition("No longer in the draft")[2]

    done = confirm(editor, shown)

    now = ids(page)
    assert now[1:] == [one, three]
    assert now[0] not in {one, two, three}
    assert "2 articles kept their addresses." in said(done)


def test_the_text_of_a_decision_keeps_the_addresses_of_the_draft_people_spoke_to(editor):
    decision = factories.a_draft_decision(text=[])
    draft = decision.item.public_rounds[-1].articles
    shown = paste(editor, decision, *(f"第{n}条 {one.text}" for n, one in enumerate(draft, 1)))
    confirm(editor, shown)
    assert ids(decision) == [article.id for article in draft]


def test_the_draft_of_a_page_that_is_not_public_is_what_is_published_next(editor):
    page = factories.a_draft_round()
    confirm(editor, paste(editor, page, "第一条 甲。"))
    page.refresh_from_db()
    assert [article.text for article in articles_of(page.draft)] == ["甲。"]


# What is refused, and where it is said


@pytest.mark.parametrize("content", [pytest.param(one, id=name) for name, one in hostile()])
def test_a_hostile_file_is_refused_at_its_field_in_time(editor, content):
    page = factories.a_draft_round()
    begun = time.monotonic()
    response = upload(editor, page, content)
    assert time.monotonic() - begun < reading.MOST_SECONDS + 3
    assert set(response.context["form"].errors) == {"file"}
    assert response.context["form"].errors["file"][0].startswith("“a.docx” ")
    assert not StagedUpload.objects.exists()


def test_a_file_or_a_text_and_not_too_much_of_it(editor):
    page = factories.a_draft_round()
    assert "Choose a file, or paste" in str(paste(editor, page).context["form"].errors["file"])
    both = upload(editor, page, by_hand(["第一条 甲。"]), text="第一条 乙。")
    assert "not both" in str(both.context["form"].errors["file"])
    assert "第一条 乙。" in both.content.decode()
    much = paste(editor, page, "第一条 " + "甲" * reading.MOST_CHARACTERS)
    assert "more than 300000" in str(much.context["form"].errors["text"])


def test_a_text_without_articles_is_shown_but_not_imported(editor):
    page = factories.a_draft_round()
    before = texts(page)
    shown = paste(editor, page, "关于加强管理的意见", "一、总体要求")
    assert "No article was found" in shown.content.decode()
    assert "Put it into the page" not in shown.content.decode()
    response = confirm(editor, shown)
    assert "nothing to import" in response.content.decode()
    assert texts(page) == before


def test_the_draft_of_an_open_round_stays(editor):
    page = factories.an_open_round()
    before = ids(page)
    form = editor.get(reverse("import_draft", args=[page.pk])).content.decode()
    assert "CON-5" in form
    assert 'name="file"' not in form
    assert "CON-5" in paste(editor, page, "第一条 甲。").content.decode()
    assert not StagedUpload.objects.exists()
    assert ids(page) == before


def test_a_round_that_opened_meanwhile_keeps_its_draft(editor):
    page = factories.a_draft_round()
    shown = paste(editor, page, "第一条 甲。")
    factories.acts.open_round(
        page=ConsultationPage.objects.get(pk=page.pk),
        by=factories.a_publisher(),
        at=timezone.now(),
    )
    before = ids(page)
    seen = ConsultationPage.objects.get(pk=page.pk)
    response = confirm(editor, shown)
    again = confirm(editor, response) if response.context.get("form") else response
    assert "CON-5" in again.content.decode()
    assert ids(seen) == before
    assert StagedUpload.objects.exists()


# Two people


def test_a_page_saved_meanwhile_is_shown_again_and_nothing_is_lost(editor):
    page = factories.a_draft_round()
    shown = paste(editor, page, f"第一条 {factories.pages.DRAFT[0]}")
    chief = signed_in(factories.a_superuser())
    save_draft(chief, ConsultationPage.objects.get(pk=page.pk), contact_unit="别的科")

    response = confirm(editor, shown)

    assert "acted on this at" in response.content.decode()
    assert latest(page).contact_unit == "别的科"
    assert len(texts(page)) == 3
    confirm(editor, response, seen=response.context["form"]["seen"].value())
    assert latest(page).contact_unit == "别的科"
    assert len(texts(page)) == 1


def test_a_locked_page_keeps_its_text_and_the_upload_waits(editor):
    page = factories.a_draft_round()
    shown = paste(editor, page, "第一条 甲。")
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=factories.a_superuser())
    response = confirm(editor, shown)
    assert "locked by somebody else" in response.content.decode()
    assert StagedUpload.objects.count() == 1
    Page.objects.filter(pk=page.pk).update(locked=False)
    confirm(editor, shown)
    assert texts(page) == ["甲。"]


def test_an_upload_is_its_owners_alone_and_for_a_day(editor):
    page = factories.a_draft_round()
    url = paste(editor, page, "第一条 甲。").context["request"].path
    other = signed_in(factories.a_publisher()).get(url, follow=True)
    assert "no longer there" in said(other)
    assert "甲。" not in other.content.decode()
    StagedUpload.objects.update(uploaded_at=timezone.now() - staging.WAITING_TIME)
    assert "no longer there" in said(editor.get(url, follow=True))
    assert StagedUpload.objects.exists()
    Command().tick()
    assert not StagedUpload.objects.exists()


def test_an_upload_takes_the_place_of_the_one_before(editor):
    page = factories.a_draft_round()
    paste(editor, page, "第一条 甲。")
    paste(editor, page, "第一条 乙。")
    assert StagedUpload.objects.count() == 1


def test_what_waits_is_encrypted(editor):
    page = factories.a_draft_round()
    paste(editor, page, "第一条 甲乙丙。")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM core_stagedupload")
        assert "甲乙丙" not in str(cursor.fetchall())


def test_an_upload_is_discarded(editor):
    page = factories.a_draft_round()
    before = texts(page)
    response = confirm(editor, paste(editor, page, "第一条 甲。"), discard="1")
    assert "Nothing was imported" in said(response)
    assert not StagedUpload.objects.exists()
    assert texts(page) == before


# Who may


def test_a_page_of_another_unit_is_not_there():
    page = factories.a_draft_round()
    other = factories.a_unit("市交通运输局", "交通局", "jt")
    stranger = signed_in(
        factories.a_member_of_staff(
            factories.people.Role.UNIT_EDITOR, username="stranger", unit=other
        )
    )
    assert stranger.get(reverse("import_draft", args=[page.pk])).status_code == 404
    assert paste(stranger, page, "第一条 甲。").status_code == 404
    staged = staging.stage(
        purpose="draft",
        page=page.page_ptr,
        content={"articles": [], "warnings": []},
        by=factories.an_editor(),
        at=timezone.now() - timedelta(hours=1),
    )
    url = reverse("preview_draft", args=[page.pk, staged.pk])
    assert stranger.get(url).status_code == 404
    assert signed_in(factories.a_member_of_staff()).get(url).status_code == 302


def test_a_long_draft_is_shown_in_time(editor):
    page = factories.a_draft_round()
    lines = [f"第{n}条 {'甲' * 90}{n}。" for n in range(1, 1_201)]
    assert len(parse_text("\n".join(lines)).articles) == 1_200
    begun = time.monotonic()
    shown = paste(editor, page, *lines)
    confirm(editor, shown)
    assert len(texts(page)) == 1_200
    assert time.monotonic() - begun < 20
