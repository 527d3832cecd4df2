"""Start what the tests need, run every group of them, say what ran, stop what was started.

With CI=true a service that cannot be had fails the run; without it the tests that need it are
left out and named at the end, as the groups are that are run on demand only.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.services.browser import chromium
from tests.services.migrated import PATTERN, migrated, migrated_file
from tests.services.postgresql import PostgreSQL
from tests.services.processes import Unavailable
from tests.services.search_engine import Elasticsearch

ROOT = Path(__file__).resolve().parent.parent
INTEGRATION = ROOT / "tests" / "integration"
CI = os.environ.get("CI") == "true"
NO_TESTS_COLLECTED = 5

# Where the database has a say (docs/adr/0009); everything else meets SQLite only.
ON_POSTGRESQL = [
    "access",
    "answers",
    "desk",
    "offline",
    "open_data/test_costs.py",
    "open_data/test_walking.py",
    "past/test_import_decisions.py",
    "past/test_import_races.py",
    "past/test_past_imports.py",
    "search",
    "test_adjustment_requests.py",
    "test_captcha_rows.py",
    "test_catalogue_import.py",
    "test_cleanup.py",
    "test_catalogue_table.py",
    "test_deadline.py",
    "test_demo.py",
    "test_demo_command.py",
    "test_disclosure.py",
    "test_duties_and_reasons.py",
    "test_exports.py",
    "test_hearings.py",
    "test_hostile_text.py",
    "test_kills.py",
    "test_list_races.py",
    "test_many_at_once.py",
    "test_opinion_list.py",
    "test_opinion_races.py",
    "test_outbox.py",
    "test_page_costs.py",
    "test_page_tree.py",
    "test_purge.py",
    "test_real_text.py",
    "test_release_holds.py",
    "test_release_review.py",
    "test_research_package.py",
    "test_services.py",
    "test_subscription_races.py",
    "test_triage.py",
    "test_two_at_one_record.py",
    "test_validity.py",
]
# What the demo does on SQLite in its own way; the others of these meet SQLite on demand.
ON_BOTH = [
    "search/test_archive_page.py",
    "search/test_copy.py",
    "search/test_oracle.py",
    "search/test_understanding.py",
    "test_demo.py",
    "test_demo_command.py",
    "test_opinion_list.py",
    "test_page_tree.py",
    "test_services.py",
]


@dataclass
class Group:
    """Tests that run together because they need the same things."""

    name: str
    arguments: list[str]
    needs: set[str] = field(default_factory=set)
    environment: dict[str, str] = field(default_factory=dict)
    is_on_demand: bool = False


@dataclass
class Outcome:
    """What a group came to, read from the report that pytest leaves."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    ended_well: bool = True


def elsewhere() -> list[str]:
    """Return the places in which the database has no say of its own."""
    there = {path.relative_to(INTEGRATION) for path in INTEGRATION.rglob("test_*.py")}
    listed = set(map(Path, ON_POSTGRESQL))
    return sorted(
        str(INTEGRATION.relative_to(ROOT) / path)
        for path in there
        if listed.isdisjoint({path, *path.parents})
    )


def groups(services: dict[str, str]) -> list[Group]:
    """Return every group in the order in which a mistake shows soonest."""
    postgresql = {"DATABASE_URL": services.get("postgresql", "")}
    engine = {"ELASTICSEARCH_URL": services.get("elasticsearch", "")}
    # What a module builds for all its tests is built once: its tests stay together.
    together = ["-n", "2", "--dist", "loadscope"]
    neither = "not elasticsearch and not cluster"
    on_postgresql = [f"tests/integration/{place}" for place in ON_POSTGRESQL]
    on_sqlite = [*together, "-m", f"{neither} and not postgresql"]
    in_memory = {"DATABASE_URL": "sqlite://:memory:", PATTERN: services.get("sqlite", "")}
    return [
        Group("unit", ["tests/unit", "-n", "2"]),
        Group(
            "integration SQLite",
            [*elsewhere(), *(f"tests/integration/{place}" for place in ON_BOTH), *on_sqlite],
            environment=in_memory,
        ),
        Group(
            "everything on SQLite",
            ["tests/integration", *on_sqlite],
            environment=in_memory,
            is_on_demand=True,
        ),
        Group(
            "integration PostgreSQL",
            # In the order of the collection: what takes longest is begun first.
            [*on_postgresql, *together, "--no-loadscope-reorder", "-m", neither],
            {"postgresql"},
            postgresql,
        ),
        Group(
            "Elasticsearch",
            ["tests/integration", *together, "-m", "elasticsearch and not cluster"],
            {"postgresql", "elasticsearch"},
            postgresql | engine,
        ),
        # They start the nodes that they kill, and look at the clock.
        Group(
            "cluster",
            ["tests/integration/search", "-m", "cluster"],
            {"postgresql", "elasticsearch"},
            postgresql | engine,
            # Four minutes: before a release, and whenever the index is written another way.
            is_on_demand=True,
        ),
        Group(
            "browser",
            ["tests/browser", "-n", "2"],
            {"postgresql", "elasticsearch", "chromium"},
            postgresql | engine,
        ),
    ]


def start_services(stack: ExitStack) -> tuple[dict[str, str], dict[str, str]]:
    """Start each service; return the addresses of those that run and why the others do not."""
    running: dict[str, str] = {}
    missing: dict[str, str] = {}

    def attempt(name: str, start: Callable[[], str]) -> None:
        try:
            running[name] = start()
            print(f"{name}: {running[name]}", flush=True)
        except Unavailable as error:
            missing[name] = str(error)

    def started(service: PostgreSQL | Elasticsearch) -> str:
        address = service.start()
        stack.callback(service.stop)
        return address

    attempt("postgresql", lambda: migrated(started(PostgreSQL())))
    given = os.environ.get("ELASTICSEARCH_URL")
    attempt("elasticsearch", lambda: given or started(Elasticsearch()))
    attempt("chromium", chromium)
    return running, missing


def run(group: Group, reports: Path) -> Outcome:
    """Run one group in a process of its own."""
    report = reports / f"{group.name.replace(' ', '-')}.xml"
    print(f"\n== {group.name} ==", flush=True)
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", *group.arguments, "--durations=5", "-q"]
    ended = subprocess.run(
        [*command, f"--junitxml={report}"],
        cwd=ROOT,
        env=os.environ | group.environment,
        check=False,
    )
    outcome = read(report)
    outcome.seconds = time.monotonic() - begun
    outcome.ended_well = ended.returncode == 0
    if ended.returncode == NO_TESTS_COLLECTED:
        print(f"{group.name}: no test was found", flush=True)
    return outcome


def read(report: Path) -> Outcome:
    """Add up the numbers of one report; a run that died leaves none."""
    outcome = Outcome()
    if not report.exists():
        return outcome
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        outcome.failed += failed
        outcome.skipped += skipped
        outcome.passed += int(suite.get("tests", 0)) - failed - skipped
    return outcome


def summary(
    outcomes: dict[str, Outcome],
    missing: dict[str, str],
    left_out: list[str],
    on_demand: list[str],
) -> None:
    """Print what ran, group by group, and what did not and why."""
    print("\n== What ran ==")
    for name, outcome in outcomes.items():
        counts = f"{outcome.passed:4} passed {outcome.failed:3} failed {outcome.skipped:3} skipped"
        print(f"{name:24}{counts} {outcome.seconds:7.1f} s")
    for name in left_out:
        print(f"{name:24}left out")
    for name in on_demand:
        print(f"{name:24}on demand: python -m tests.run {shlex.quote(name)}")
    for name, reason in missing.items():
        print(f"missing: {name}: {reason}")
    passed, failed, skipped = (
        sum(getattr(outcome, key) for outcome in outcomes.values())
        for key in ("passed", "failed", "skipped")
    )
    print(f"All: {passed} passed, {failed} failed, {skipped} skipped", flush=True)


def is_green(outcomes: dict[str, Outcome], missing: dict[str, str]) -> bool:
    if CI and (missing or any(outcome.skipped for outcome in outcomes.values())):
        return False
    return all(outcome.ended_well for outcome in outcomes.values())


def main(wanted: list[str]) -> int:
    """Run the groups whose names are given, or all of them; return the exit status."""
    # Asked to end, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    unknown = set(wanted) - {group.name for group in groups({})}
    if unknown:
        print(f"There is no group {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    outcomes: dict[str, Outcome] = {}
    reports = Path(tempfile.mkdtemp(prefix="jianyan-reports-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, reports)
        # The one processor makes SQLite's tables while the other makes PostgreSQL's.
        with ThreadPoolExecutor(1) as beside:
            tables = beside.submit(migrated_file, reports)
            services, missing = start_services(stack)
            services["sqlite"] = tables.result()
        left_out, on_demand = [], []
        for group in groups(services):
            if wanted and group.name not in wanted:
                continue
            if group.is_on_demand and not wanted:
                on_demand.append(group.name)
            elif group.needs <= services.keys():
                outcomes[group.name] = run(group, reports)
            else:
                left_out.append(group.name)
    summary(outcomes, missing, left_out, on_demand)
    return 0 if is_green(outcomes, missing) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
