"""The run of all tests tells what it did not do, and how that is done."""

import pytest

from tests import run


@pytest.fixture(autouse=True)
def _nothing_starts(monkeypatch):
    """No service is there, and a group is run in no time."""
    monkeypatch.setattr(run, "start_services", lambda _stack: ({}, {"postgresql": "not here"}))
    monkeypatch.setattr(run, "migrated_file", lambda _folder: "")
    monkeypatch.setattr(run, "run", lambda _group, _reports: run.Outcome(passed=1))
    monkeypatch.setattr(run.signal, "signal", lambda *_given: None)


def test_a_group_that_is_run_on_demand_is_named_with_its_command(capsys):
    run.main([])
    told = capsys.readouterr().out.splitlines()
    assert any(line.split() == ["Elasticsearch", "left", "out"] for line in told)
    commands = [line.split("on demand: ")[1] for line in told if "on demand: " in line]
    assert commands == [
        "python -m tests.run 'everything on SQLite'",
        "python -m tests.run cluster",
    ]


def test_a_group_that_is_asked_for_is_run(capsys):
    run.main(["everything on SQLite"])
    told = capsys.readouterr().out
    assert "on demand" not in told
    assert "All: 1 passed" in told


def test_a_group_that_is_misspelt_is_refused(capsys):
    assert run.main(["elasticsearch"]) == 2
    assert "elasticsearch" in capsys.readouterr().err
