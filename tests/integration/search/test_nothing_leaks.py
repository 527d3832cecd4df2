"""Two hundred texts that are not public: no way of asking the archive brings one of them out."""

import io
import re
import zipfile
from html import unescape
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from decisions.models import ArchiveDossier
from decisions.search.archive import nearest, search_archive, suggestion
from decisions.search.criteria import LONGEST_QUESTION, Criteria
from decisions.search.language import MOST_CONDITIONS
from decisions.search.rebuilding import rebuild
from decisions.search.results import Mode
from decisions.search.similar import similar_matters
from decisions.search.sounds import syllables
from decisions.search.text import plain
from tests.integration.search.canaries import (
    ATTACHED,
    BY_KIND,
    CANARIES,
    IN_FORCE,
    SAID,
    SLIP,
    TITLE,
    build,
    letters,
    twin,
)

pytestmark = pytest.mark.django_db

# Where whatever the archive holds comes out, without a question.
ADDRESSES = (
    "/archive/",
    "/archive/?sort=opinions",
    "/archive/feed/",
    *(f"/archive/export/{form}/" for form in ("csv", "jsonl", "xlsx")),
    "/archive/export/manifest/",
    *(f"/feeds/{name}/" for name in ("consultations", "closing-soon", "results")),
    *(f"/api/v1/{name}/" for name in ("catalogues", "matters", "consultations", "decisions")),
    "/api/v1/search/",
    "/open-data/",
)
ASKED = ("/archive/", "/archive/feed/", "/archive/export/jsonl/", "/api/v1/search/")


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker, tmp_path_factory):
    files = override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media")))
    with files, django_db_blocker.unblock(), transaction.atomic():
        at = timezone.now()
        page = build(at=at)
        rebuild(at=at)
        yield page
        transaction.set_rollback(True)


@pytest.fixture
def consultation(_built, db, settings):
    """The round that nearly all of it was said on, and the archive of it, in every copy."""
    settings.THROTTLES = {act: kind | {"most": 10_000} for act, kind in settings.THROTTLES.items()}
    return _built


def text_of(response):
    """Everything that an answer holds, out of the files of a ZIP too, in plain signs."""
    assert response.status_code == 200, (response.request["PATH_INFO"], response.status_code)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            content = b"".join(files.read(name) for name in files.namelist())
    text = unescape(unquote(content.decode(errors="replace")))
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


def everything(consultation):
    """What comes out where nothing is asked, and from what belongs to the one consultation."""
    client = Client()
    own = [
        f"{consultation.url}package.zip",
        f"/api/v1/consultations/{consultation.pk}/",
        f"/api/v1/consultations/{consultation.pk}/opinions/",
        f"/api/v1/consultations/{consultation.pk}/issues/",
        f"/open-data/{consultation.item.catalogue.year}.zip",
    ]
    for address in (*ADDRESSES, *own):
        yield address, text_of(client.get(address))


def canaries_in(text):
    folded = text.casefold()
    return [word for word in CANARIES if word in folded]


def answered(text, *, at):
    """Return how much is found, and all that is said besides: what is shown and suggested."""
    results = search_archive(Criteria(text=text), at=at)
    near = nearest(Criteria(text=text), results, at=at)
    shown = [
        plain(segments)
        for hit in (*results.hits, *near)
        for segments in (hit.title, hit.summary, *(one.segments for one in hit.passages))
    ]
    words = suggestion(Criteria(text=text), results, at=at)
    return results.total, "\n".join([*shown, *results.other_ways, words])


def all_at_once(words):
    """Yield questions for any of the words, as few as may be."""
    asked = []
    for word in words:
        longer = [*asked, f'"{word}"']
        if len(" OR ".join(longer)) > LONGEST_QUESTION or len(longer) > MOST_CONDITIONS:
            yield " OR ".join(asked)
            longer = longer[-1:]
        asked = longer
    yield " OR ".join(asked)


def found_over_http(question):
    """Return how many matters each address names that takes a question."""
    page, feed, lines, found = (Client().get(address, {"q": question}) for address in ASKED)
    return [
        page.context["total"],
        text_of(feed).count("<entry>"),
        len(text_of(lines).splitlines()),
        found.json()["total"],
    ]


def leaks(consultation):
    return [
        *told_unasked(consultation),
        *told_by_the_search(),
        *found_by_its_name(),
        *told_over_http(),
    ]


def told_unasked(consultation):
    for address, text in everything(consultation):
        yield from ((address, word) for word in canaries_in(text))
    for item_id in ArchiveDossier.objects.values_list("pk", flat=True):
        for one in similar_matters(item_id, at=timezone.now()):
            yield from ((item_id, word) for word in canaries_in(one.title))


def told_by_the_search():
    """Yield what is found by a canary, or said to who writes or types what sounds like one."""
    at = timezone.now()
    for word in CANARIES:
        total, said = answered(word, at=at)
        if total or canaries_in(said):
            yield word, total, said
        for other in sounding_like(word):
            yield from ((other, told) for told in canaries_in(answered(other, at=at)[1]))


def sounding_like(word):
    return sorted({twin(word), letters(word)} - {word})


def found_by_its_name():
    for question in all_at_once(CANARIES):
        counted = found_over_http(question)
        if any(counted):
            yield question, counted


def told_over_http():
    """Yield what stands in answers to what is public, or sounds like a canary of each kind."""
    asked = [TITLE, SAID, IN_FORCE, ATTACHED]
    asked += [other for word, *_others in BY_KIND.values() for other in sounding_like(word)]
    for question in asked:
        for address in ASKED:
            text = text_of(Client().get(address, {"q": question}))
            yield from ((address, question, word) for word in canaries_in(text))


def assert_the_net_is_whole(consultation):
    """What is public does come out, beside what is hidden, in each of these ways."""
    at = timezone.now()
    assert len(set(CANARIES)) == 200
    assert all(syllables(twin(word)) == syllables(word) for word in CANARIES)
    told = [address for address, text in everything(consultation) if "公共停车设施" in text]
    assert len(told) > len(ADDRESSES) / 2
    opinions = Client().get(f"/api/v1/consultations/{consultation.pk}/opinions/")
    assert SAID in text_of(opinions)
    for public in (f"{SAID}1", IN_FORCE, ATTACHED, TITLE):
        total, said = answered(f"“{public}”", at=at)
        assert (total, public in said) == (1, True), public
        [first, *_rest] = all_at_once([public, *CANARIES])
        assert found_over_http(first) == [1, 1, 1, 1], public
    _total, said = answered(SLIP, at=at)
    assert "钰琛" in said
    _total, said = answered(letters("钰琛湖"), at=at)
    assert "钰琛湖" in said
    assert similar_matters(ArchiveDossier.objects.filter(title__contains="绿地").first().pk, at=at)


def test_the_net_is_whole(consultation):
    assert_the_net_is_whole(consultation)


def test_the_database_tells_nothing(consultation):
    assert leaks(consultation) == []


@pytest.mark.elasticsearch
def test_the_engine_tells_nothing(consultation):
    rebuild(at=timezone.now())
    assert search_archive(Criteria(), at=timezone.now()).mode is Mode.ENGINE
    assert_the_net_is_whole(consultation)
    assert leaks(consultation) == []
