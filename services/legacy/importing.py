"""Takes in the accounts of the old system: all rows that hold in one transaction, every other one named."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from models.agency import Agency, Office
from models.identity import LegacyUser
from models.states import LegacyState
from services import audit, sessions
from services.actor import Actor
from services.clients.importing.opening import ListFile, open_upload
from services.clients.importing.reading import Records, read_first_row, unusable
from services.clients.importing.report import Refusal
from services.context import Context
from services.legacy.rows import NAMES, Cleaning, Column, Row
from services.legacy.values import access_key_hash, hold_agency, office_key, plain_access_key
from services.list_columns import Header
from services.rights import Right
from services.text import safe

MOST_ROWS = 100_000
"""Accounts of one file: they are stored in one transaction."""

_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class LegacyReport:
    """The outcome of an import; each row counts once.

    Attributes:
        added: new accounts; changed: with another hash, e-mail address or spelling than before; unchanged: as they
            stood, or moved to a new account already, which nothing from the old system changes any more.
        problems: the refusals, at most 1,000; problem_count: how many there are in all.
        warnings: what needs a look in rows that were taken.
        ignored: the headers that are no field of an account.
        key_set: whether this file brought the agency's access key.
    """

    file_name: str
    dry_run: bool
    added: int
    changed: int
    unchanged: int
    refused: int
    problems: tuple[Refusal, ...]
    problem_count: int
    warnings: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    key_set: bool

    @property
    def rows(self) -> int:
        """All rows looked at."""
        return self.added + self.changed + self.unchanged + self.refused


@dataclass(slots=True)
class _Taken:
    """What the file says, before it is held against what is stored."""

    ignored: tuple[str, ...]
    access_key: str = ""
    rows: dict[tuple[int, str], Row] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[Refusal] = field(default_factory=list)
    refused: int = 0
    repeated: int = 0


class LegacyImport:
    """Takes in lists of old accounts."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, actor: Actor, path: Path, *, dry_run: bool = False, report: Path | None = None) -> LegacyReport:
        """Import a CSV file; the same file again changes nothing.

        Args:
            dry_run: read and compare only; nothing is written.
            report: a CSV file for all refusals and warnings.

        Raises Invalid for `file` or `report`, Refused, SignedOut, or Unavailable; then nothing was stored.
        """
        name = safe(path.name)[:255]
        with audit.refusals_recorded(self._ctx, actor, audit.Action.LEGACY_UPLOADED, subject=name):
            with self._ctx.read():
                _require(self._ctx, actor)
                offices = _offices(actor.agency_id)
            with open_upload(path, report) as (file, refusals):
                taken = _read(file, offices)
                file.refuse_changed()
                told = self._store(actor, name, taken, dry_run)
                refusals.take(sorted(taken.refusals + taken.warnings, key=lambda refusal: refusal.line))
                refusals.publish()
                return told

    def _store(self, actor: Actor, name: str, taken: _Taken, dry_run: bool) -> LegacyReport:
        with self._ctx.read() if dry_run else self._ctx.unit():
            _require(self._ctx, actor)
            # Two imports of one agency come one after the other.
            agency = Agency.get_by_id(actor.agency_id) if dry_run else hold_agency(self._ctx, actor.agency_id)
            key_set = self._take_key(agency, taken, dry_run)
            counts = self._compare(actor.agency_id, taken, dry_run)
            if not dry_run:
                details = {**counts, "refused": taken.refused}
                audit.record(self._ctx, actor, audit.Action.LEGACY_UPLOADED, subject=name, details=details)
        return LegacyReport(
            file_name=name,
            dry_run=dry_run,
            added=counts["added"],
            changed=counts["changed"],
            unchanged=counts["unchanged"] + taken.repeated,
            refused=taken.refused,
            problems=tuple(taken.refusals[:1_000]),
            problem_count=len(taken.refusals),
            warnings=tuple(taken.warnings[:1_000]),
            ignored=taken.ignored,
            key_set=key_set,
        )

    def _take_key(self, agency: Agency, taken: _Taken, dry_run: bool) -> bool:
        """Keep the hash of the access key; whether it is new. Raises Invalid for `file`."""
        if not taken.access_key:
            if not agency.access_key_hash and taken.rows:
                raise unusable(
                    "No row of the file has the access key, and none is known here. Add the column, then try again."
                )
            return False
        hashed = access_key_hash(self._ctx, taken.access_key)
        if agency.access_key_hash and hmac.compare_digest(agency.access_key_hash, hashed):
            return False
        if agency.access_key_hash and LegacyUser.select().where(LegacyUser.agency == agency.id).exists():
            raise unusable("The file has another access key than the accounts that are here. Check whose file it is.")
        if Agency.select().where((Agency.access_key_hash == hashed) & (Agency.id != agency.id)).exists():
            raise unusable("This access key belongs to another agency. Check whose file it is.")
        if not dry_run:
            Agency.update(access_key_hash=hashed).where(Agency.id == agency.id).execute()
        return True

    def _compare(self, agency_id: int, taken: _Taken, dry_run: bool) -> dict[str, int]:
        stored = {
            (user.office_id, user.user_key): user for user in LegacyUser.select().where(LegacyUser.agency == agency_id)
        }
        counts = {"added": 0, "changed": 0, "unchanged": 0}
        new: list[dict[str, object]] = []
        for key, row in taken.rows.items():
            known = stored.get(key)
            values = {
                "user_name": row.user_name,
                "verifier": row.verifier,
                "email": row.email.address if row.email else "",
                "email_key": row.email.key if row.email else "",
            }
            if known is None:
                new.append(self._new(agency_id, key, values))
            elif known.state is LegacyState.MIGRATED or all(getattr(known, name) == values[name] for name in values):
                counts["unchanged"] += 1
            else:
                counts["changed"] += 1
                if not dry_run:
                    LegacyUser.update(**values).where(LegacyUser.id == known.id).execute()
        counts["added"] = len(new)
        for start in range(0, 0 if dry_run else len(new), _ROWS_AT_ONCE):
            LegacyUser.insert_many(new[start : start + _ROWS_AT_ONCE]).execute()
        return counts

    def _new(self, agency_id: int, key: tuple[int, str], values: dict[str, str]) -> dict[str, object]:
        return {
            "agency": agency_id,
            "office": key[0],
            "user_key": key[1],
            "state": LegacyState.WAITING,
            "created_at": self._ctx.clock.now(),
            **values,
        }


def _require(ctx: Context, actor: Actor) -> None:
    sessions.require_staff(ctx, actor, Right.RULES)


def _offices(agency_id: int) -> dict[str, int]:
    return {office_key(office.name): office.id for office in Office.select().where(Office.agency == agency_id)}


def _read(file: ListFile, offices: dict[str, int]) -> _Taken:
    """Everything that the file says. Raises Invalid for `file`."""
    with file.lines() as lines:
        cells, delimiter = read_first_row(lines, lambda cell: NAMES.column_of(cell) is not None)
        header = NAMES.read(cells)
        cleaning = Cleaning(header, offices)
        taken = _Taken(header.ignored)
        cleaned = (cleaning.clean(record) for record in Records(lines, delimiter, header.least, header.most))
        _judge(cleaned, header, taken)
    return taken


def _judge(cleaned: Iterable[Row | list[Refusal]], header: Header[Column], taken: _Taken) -> None:
    """Hold the rows against each other."""
    key_line = 0
    for row in cleaned:
        if not isinstance(row, Row):
            taken.refusals += row
            taken.refused += 1
            continue
        if row.access_key and not taken.access_key:
            taken.access_key, key_line = row.access_key, row.record.line
        elif row.access_key and plain_access_key(row.access_key) != plain_access_key(taken.access_key):
            raise unusable(
                f"Lines {key_line} and {row.record.line} have different access keys, and an agency has one. "
                "Import the accounts of each agency from a file of its own."
            )
        earlier = taken.rows.get(row.key)
        if earlier is None:
            if len(taken.rows) >= MOST_ROWS:
                raise unusable(f"The file has more than {MOST_ROWS:,} accounts. Divide it into several.")
            taken.rows[row.key] = row
            _warn(row, header, taken)
        elif (earlier.verifier, earlier.email) == (row.verifier, row.email):
            taken.repeated += 1
        else:
            told = (
                f"Line {earlier.record.line} has this user name in this office with other values. "
                "Leave one of the two rows out."
            )
            taken.refusals.append(header.refuse(row.record, Column.USER_NAME, told))
            taken.refused += 1


def _warn(row: Row, header: Header[Column], taken: _Taken) -> None:
    if row.email is None:
        told = (
            "Taken without an e-mail address: the access key opens this account, but it cannot be migrated. "
            "Add the address to the file and to the staff list, then import it again."
        )
        taken.warnings.append(header.refuse(row.record, Column.EMAIL, told))
