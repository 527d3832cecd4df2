"""The archive with the database in the place of an engine: what its page says, and how soon."""

import time

# Seconds: the first reader's page, and what each later one may take beyond the database's own.
FIRST, MORE = 3.5, 0.5
ASKED = 5


def ask(client, archive_page):
    begun = time.monotonic()
    response = client.get(archive_page.url, {"q": "电动自行车"})
    return response, time.monotonic() - begun


def assert_degraded(response):
    assert response.status_code == 200
    assert response.headers["X-Search-Mode"] == "degraded"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.context["notice"]
    assert response.context["notice"] in response.content.decode()
    assert response.context["total"] == 1


def assert_quick(client, archive_page, alone):
    """Ask again and again: the first may wait a while, the others hardly."""
    seconds = []
    for _ in range(ASKED):
        response, taken = ask(client, archive_page)
        assert_degraded(response)
        seconds.append(taken)
    assert seconds[0] <= FIRST
    assert max(seconds[1:]) <= alone + MORE


def seconds_alone(client, archive_page):
    """Return the seconds that the database takes where no engine is configured."""
    asked = [ask(client, archive_page) for _ in range(ASKED)]
    assert {response.headers["X-Search-Mode"] for response, _taken in asked} == {"database"}
    return max(taken for _response, taken in asked)
