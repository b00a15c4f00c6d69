"""How a desk hears at once that something changed in the help queue, without reading its tables again and again.

PostgreSQL tells it: a notice inside the unit of work, heard by one connection of this process when the unit is stored.
SQLite is asked a few times a second whether anybody wrote anything, which touches no table.
"""

from __future__ import annotations

import logging
import select
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from models.database import is_postgresql, sqlite_path
from services.context import Context

CHANNEL = "trakdesk_help"

LOOK_EVERY = 0.3
"""Seconds between two questions to SQLite."""

AGAIN_AFTER = 3.0
"""Seconds between two tries to hear again; at each, whoever watches looks for themselves."""

STILL_THERE = 60.0
"""Seconds of silence after which the connection is tried: a server that vanished says no goodbye."""

_log = logging.getLogger(__name__)


def tell(ctx: Context) -> None:
    """Let all desks hear of it once the running unit of work is stored; call it inside `ctx.unit()`."""
    if is_postgresql(ctx.database):
        ctx.database.execute_sql("SELECT pg_notify(%s, '')", (CHANNEL,))


class Watch:
    """Somebody who hears of changes until they stop it."""

    def __init__(self, signals: HelpSignals, callback: Callable[[], object]) -> None:
        self._signals = signals
        self.callback = callback

    def stop(self) -> None:
        """Hear no more; stopping twice does no harm."""
        self._signals.forget(self)


class HelpSignals:
    """One thread for all who watch in this process, which ends with the last of them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._lock = threading.Lock()
        self._watches: list[Watch] = []
        self._listener: _Listener | None = None

    def watch(self, callback: Callable[[], object]) -> Watch:
        """Call back after each change of the queue, once at first, and now and then without one, on another thread.

        Several changes at once are told once. The callback must be quick; it hands on to its own loop.
        """
        watch = Watch(self, callback)
        with self._lock:
            self._watches.append(watch)
            if self._listener is None:
                kind = _Served if is_postgresql(self._ctx.database) else _Embedded
                self._listener = kind(self._ctx, self._call_all)
                self._listener.start()
        return watch

    def forget(self, watch: Watch) -> None:
        """Call this one no more."""
        with self._lock:
            if watch in self._watches:
                self._watches.remove(watch)
            if self._watches or self._listener is None:
                return
            listener, self._listener = self._listener, None
        listener.end()

    def _call_all(self) -> None:
        with self._lock:
            watches = tuple(self._watches)
        for watch in watches:
            try:
                watch.callback()
            except Exception as failure:  # noqa: BLE001 - whatever it was, the others go on hearing
                _log.error("a watch of the help queue failed: %s", type(failure).__name__)


class _Listener(threading.Thread, ABC):
    """Hears until it is ended."""

    def __init__(self, ctx: Context, heard: Callable[[], None]) -> None:
        super().__init__(name="help-signals", daemon=True)
        self._ctx = ctx
        self._heard = heard
        self._waker, self._wake = socket.socketpair()

    def end(self) -> None:
        """Let the thread end by itself, soon."""
        self._waker.close()

    def run(self) -> None:
        """Hear; what fails is tried again, and meanwhile whoever watches looks for themselves."""
        try:
            while True:
                try:
                    self._hear()
                except self._failures() as failure:
                    _log.warning("the help queue is not heard: %s", type(failure).__name__)
                else:
                    return
                if self._ended(AGAIN_AFTER):
                    return
                self._heard()
        finally:
            self._wake.close()

    @abstractmethod
    def _failures(self) -> tuple[type[Exception], ...]:
        """What is tried again."""

    @abstractmethod
    def _hear(self) -> None:
        """Hear until it is ended, and first tell that it does."""

    def _ended(self, seconds: float, *others: Any) -> bool:
        """Whether it was ended, after so many seconds at most, or as soon as one of the others has something."""
        ready, _, _ = select.select([self._wake, *others], [], [], seconds)
        return self._wake in ready


class _Served(_Listener):
    """Waits for PostgreSQL, and costs nothing meanwhile."""

    def _failures(self) -> tuple[type[Exception], ...]:
        import psycopg

        return (psycopg.Error, OSError)

    def _hear(self) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(self._ctx.settings.database_url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            # What happened while nobody listened is not told again.
            self._heard()
            while not self._ended(STILL_THERE, connection):
                if list(connection.notifies(timeout=0)):
                    self._heard()
                else:
                    connection.execute("SELECT 1")


class _Embedded(_Listener):
    """Asks SQLite whether anybody else wrote; the connection is its own, so that everybody is somebody else."""

    def _failures(self) -> tuple[type[Exception], ...]:
        import apsw

        return (apsw.Error, OSError)

    def _hear(self) -> None:
        import apsw

        path = sqlite_path(self._ctx.settings.database_url)
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.set_busy_timeout(1000)
            version = _version(connection)
            self._heard()
            while not self._ended(LOOK_EVERY):
                if (now := _version(connection)) != version:
                    version = now
                    self._heard()
        finally:
            connection.close()


def _version(connection: Any) -> int:
    return int(connection.execute("PRAGMA data_version").fetchall()[0][0])
