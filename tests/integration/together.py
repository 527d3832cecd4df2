"""Many at the same moment: what only a server database can show, for SQLite queues them."""

import threading

import pytest
from django.db import close_old_connections, connection

TOGETHER = 50

AT_ONCE = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("migrated_rows_survive"),
]


def where_the_database_is():
    """What another connection to the test's database needs to know."""
    named = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return {name: named[name] for name in names if name in named}


def together(act, many=TOGETHER):
    """Run `act(n)` in threads that start at the same moment; return what each came to."""
    start = threading.Barrier(many)
    results = [None] * many
    faults = []

    def run(n):
        close_old_connections()
        start.wait()
        try:
            results[n] = act(n)
        except Exception as fault:  # noqa: BLE001 - raised below, where the test sees it
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return results
