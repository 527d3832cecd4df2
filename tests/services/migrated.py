"""Databases that begin with all tables: to make those takes longer than many tests do."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.services.portal import ROOT

# Names the file for the processes that run tests.
PATTERN = "MIGRATED_SQLITE"


def migrated(server: str) -> str:
    """Give every database that will be made on a PostgreSQL server its tables; return its address.

    A new database is a copy of `template1`.
    """
    _migrate(urlunsplit(urlsplit(server)._replace(path="/template1")))
    return server


def migrated_file(folder: Path) -> str:
    """Make a SQLite database with all tables, for `begin_with_tables`; return its path."""
    path = folder / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}")
    return str(path)


def with_tables(path: Path) -> None:
    """Make a SQLite database with all tables at a path, as a copy where there is one to copy."""
    pattern = os.environ.get(PATTERN)
    if pattern:
        shutil.copy(pattern, path)
    else:
        _migrate(f"sqlite:///{path}")


def begin_with_tables(connection: BaseDatabaseWrapper) -> None:
    """Fill the test database in memory, once it is made, from the file that `PATTERN` names."""
    pattern = os.environ.get(PATTERN)
    if not pattern or connection.vendor != "sqlite":
        return
    make = connection.creation._create_test_db

    def filled(*given: object, **how: object) -> str:
        name = make(*given, **how)
        # A database in memory lasts as long as somebody is connected.
        connection.creation.kept_open = sqlite3.connect(name, uri=True)
        with closing(sqlite3.connect(pattern)) as source:
            source.backup(connection.creation.kept_open)
        return name

    connection.creation._create_test_db = filled


def _migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address},
        check=True,
    )
