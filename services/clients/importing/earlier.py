"""What the rows read so far said of each client, so that a later row can be held against them; in bounded memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType

import apsw

from services.errors import Unavailable

_PART, _LINE = "\x1f", "\x1e"
_LOOKED_UP_AT_ONCE = 1_000
_CACHE_KIB = 16_384


@dataclass(slots=True)
class StatedLoan:
    """What a row said of a loan.

    Attributes:
        figures: as text, in the order of the layout.
    """

    address_key: str
    lender_key: str
    line: int
    figures: tuple[str, ...]


@dataclass(slots=True)
class Stated:
    """What the file said of one client so far.

    Attributes:
        email_key: who it is.
        line: of the first row.
        person: as text, in the order of the layout.
        touched: whether the upload added or changed the client.
        values: what a property is worth, by the key of its address: the line that said it first, and the amount.
    """

    email_key: str
    line: int
    person: tuple[str, ...]
    touched: bool = False
    loans: list[StatedLoan] = field(default_factory=list)
    values: dict[str, tuple[int, str]] = field(default_factory=dict)


class Earlier:
    """The clients of all batches before this one, in a private temporary database that vanishes with the process.

    Texts must hold no control signs; the rules see to that.
    """

    def __init__(self) -> None:
        self._database = apsw.Connection("")
        for pragma in ("journal_mode = off", "synchronous = off", f"cache_size = -{_CACHE_KIB}"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(
            "CREATE TABLE stated (email_key TEXT PRIMARY KEY, line INTEGER, person TEXT, touched INTEGER, loans TEXT, "
            "homes TEXT) "
            "WITHOUT ROWID"
        )

    def __enter__(self) -> Earlier:
        return self

    def find(self, keys: Collection[str]) -> dict[str, Stated]:
        """What was said of those of the clients that came before. Raises Unavailable."""
        found: dict[str, Stated] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), _LOOKED_UP_AT_ONCE):
            part = wanted[start : start + _LOOKED_UP_AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = f"SELECT email_key, line, person, touched, loans, homes FROM stated WHERE email_key IN ({marks})"  # noqa: S608 - marks only
            with _told_plainly():
                rows = self._database.execute(query, part).fetchall()
            for key, line, person, touched, loans, homes in rows:
                stated = Stated(str(key), int(str(line)), tuple(str(person).split(_PART)), bool(touched))
                stated.loans = [_loan(text) for text in str(loans).split(_LINE) if text]
                stated.values = dict(_value(text) for text in str(homes).split(_LINE) if text)
                found[stated.email_key] = stated
        return found

    def keep(self, clients: Iterable[Stated]) -> None:
        """Remember, in the place of what was remembered of them before. Raises Unavailable."""
        with _told_plainly(), self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO stated VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (
                        client.email_key,
                        client.line,
                        _PART.join(client.person),
                        client.touched,
                        _LINE.join([_text(loan) for loan in client.loans]),
                        _LINE.join(
                            [_PART.join((key, str(line), worth)) for key, (line, worth) in client.values.items()]
                        ),
                    )
                    for client in clients
                ),
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise Unavailable(
            f"The temporary folder cannot be used: {error}. Make room there, then upload the file again."
        ) from error


def _text(loan: StatedLoan) -> str:
    return _PART.join((loan.address_key, loan.lender_key, str(loan.line), *loan.figures))


def _loan(text: str) -> StatedLoan:
    address_key, lender_key, line, *figures = text.split(_PART)
    return StatedLoan(address_key, lender_key, int(line), tuple(figures))


def _value(text: str) -> tuple[str, tuple[int, str]]:
    key, line, worth = text.split(_PART)
    return key, (int(line), worth)
