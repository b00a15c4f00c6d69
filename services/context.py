"""What every service needs, and the unit of work in which it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from peewee import Database, DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError
from playhouse.pool import MaxConnectionsExceeded

from services.auditing.chain import Gathered
from services.clock import Clock
from services.errors import Forbidden, Unavailable
from services.keys import Keys
from services.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """Database, clock, keys and settings, handed to every service.

    Attributes:
        mail_waiting: set after each commit that queued mail, so that the delivery loop need not wait for its next look.
        bcrypt_cost: the work of one password hash; lower only where it guards nothing: in tests and in training.
        entries: what the running unit of work has to say to the audit trail.
    """

    database: Database
    clock: Clock
    keys: Keys
    settings: Settings
    mail_waiting: Event = field(default_factory=Event)
    bcrypt_cost: int = 12
    entries: Gathered = field(default_factory=Gathered)

    @contextmanager
    def read(self) -> Iterator[None]:
        """A connection for looking only. Raises Unavailable when the database cannot serve."""
        with _told_plainly(), self._refusals_written(), self.database.connection_context():
            yield

    @contextmanager
    def unit(self) -> Iterator[None]:
        """One transaction: all of it is stored, or nothing; its audit entries are sealed at its end.

        One inside another is a part that can be undone alone. Raises Unavailable when the database cannot serve.
        """
        with (
            _told_plainly(),
            self._refusals_written(),
            self.database.connection_context(),
            self.database.atomic(),
            self.entries.sealed_at_the_end(self.database, self.keys.audit),
        ):
            yield

    @contextmanager
    def _refusals_written(self) -> Iterator[None]:
        """A call for which somebody lacks the right is written down, once all else of it is undone."""
        outermost = self.database.is_closed()
        try:
            yield
        except Forbidden as refusal:
            if outermost:
                refusal.write_down()
            raise


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (DatabaseError, InterfaceError, MaxConnectionsExceeded) as error:
        sentence = _sentence(error)
        if sentence is None:
            # A broken constraint is an answer for the service that risked it; anything else is a fault of ours.
            raise
        raise Unavailable(sentence) from error


_SENTENCES = (
    (
        ("locked", "busy", "lock timeout", "deadlock"),
        "Somebody else is saving and does not finish. Nothing was changed; try again in a moment.",
    ),
    (
        ("full", "no space"),
        "The disk of the database is full. Nothing was changed; make room, then try again.",
    ),
    (
        ("readonly", "read-only"),
        "The database is read-only. Nothing was changed; ask the administrator to run `trakdesk doctor`.",
    ),
    (
        ("malformed", "corrupt", "not a database"),
        "The database file is damaged. Nothing was changed; ask the administrator to restore a backup.",
    ),
    (
        ("disk i/o", "unable to open", "connection", "server closed", "terminat", "interfaceerror", "maxconnections"),
        "The database does not answer. Nothing was changed; try again, and tell the administrator if it stays so.",
    ),
)


def _sentence(error: BaseException) -> str | None:
    """What a person is told, None where the database is not to blame.

    The true cause may hide: a failed rollback after a full disk buries it in `__context__`.
    """
    if isinstance(error, (IntegrityError, DataError, ProgrammingError)):
        return None
    said = ""
    seen: BaseException | None = error
    while seen is not None:
        said += f" {type(seen).__name__} {seen}".lower()
        seen = seen.__context__
    return next((sentence for signs, sentence in _SENTENCES if any(sign in said for sign in signs)), None)
