"""The log names the page that went wrong, not the secret that opened it."""

import logging

import pytest
from django.urls import reverse

from portal.core.discreet_log import DiscreetFormatter, without_secrets

SECRET = "uv1k0yXqJm3rT8wZ2bLx5A.0bq3-Jk_9xT4fGm2Lw7sVz"


def test_every_line_of_the_log_is_written_discreetly():
    written_by = [type(handler.formatter) for handler in logging.getLogger().handlers]
    assert DiscreetFormatter in written_by


@pytest.mark.parametrize(("name", "rest"), [("mine", []), ("confirm", []), ("act", ["erase"])])
def test_a_refused_link_is_logged_without_its_secret(name, rest):
    path = reverse(f"opinions:{name}", args=[SECRET, *rest])
    record = logging.LogRecord("django.request", 30, "", 0, "%s: %s", ("Not Found", path), None)
    line = DiscreetFormatter().format(record)
    assert SECRET not in line
    assert line == f"Not Found: {path.replace(SECRET, '…')}"


def test_a_traceback_tells_no_secret_either():
    try:
        raise ValueError(f"/subscriptions/stop/{SECRET}/")
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    record = logging.LogRecord("django.request", 40, "", 0, "failed", (), caught)
    assert SECRET not in DiscreetFormatter().format(record)


@pytest.mark.parametrize(
    "text", ["Not Found: /opinions/write/12/", "/opinions/status/", "/catalogue/2026/07/", ""]
)
def test_other_addresses_stay_whole(text):
    assert without_secrets(text) == text
