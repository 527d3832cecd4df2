"""A private PostgreSQL cluster in a temporary folder, from the system's own programs."""

import shutil
from pathlib import Path

from tests.services.processes import Unavailable, demoted, free_port, run, scratch

USER = "jianyan"
# A cluster that lives for minutes need not survive a power cut.
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 128MB
max_connections = 250
"""


def programs() -> Path:
    """Return the folder of the newest installed server's programs."""
    # Debian keeps them out of PATH, one folder a version.
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise Unavailable("initdb is not installed")
    return Path(found).parent


class PostgreSQL:
    """One cluster with one database."""

    def start(self) -> str:
        """Start the cluster and return its address for DATABASE_URL."""
        self.programs = programs()
        self.folder = scratch("postgresql")
        self.data = self.folder / "data"
        port = free_port()
        initdb = [str(self.programs / "initdb"), "-D", str(self.data), "-U", USER]
        run([*initdb, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"], **self._where)
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(port=port, folder=self.folder))
        self._control("-w", "-l", str(self.folder / "log"), "start")
        return f"postgres://{USER}@127.0.0.1:{port}/postgres"

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _where(self) -> dict:
        return {"cwd": self.folder, **demoted()}

    def _control(self, *arguments: str) -> None:
        # pg_ctl's child keeps the output open, so it gets none of ours to wait on.
        command = [str(self.programs / "pg_ctl"), "-D", str(self.data), "-s", *arguments]
        run([*command], **self._where)
