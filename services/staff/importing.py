"""Takes in lists of office staff: all rows that hold in one transaction, every other one named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from models.agency import Office
from models.staff import StaffMember
from services import audit, sessions
from services.actor import Actor
from services.clients.fields import name_key
from services.clients.importing.opening import open_upload
from services.clients.importing.report import Refusal
from services.context import Context
from services.errors import Invalid, Refused
from services.offices import require_whole_agency
from services.staff.changes import find_office, insert, keep_list, staff_record_of, update
from services.staff.fields import CheckedStaff
from services.staff.reading import FIELDS, Column, Row, Taken, read_staff
from services.staff.values import StaffFields
from services.text import fold, safe


@dataclass(slots=True)
class StaffReport:
    """The outcome of an upload; each row counts once, under one of the four words.

    Attributes:
        offices: the names of the offices that were made.
        problems: the first refusals in the order of the lines, one row may have several; problem_count: all of them.
        ignored: the headers that are no field of a staff member.
    """

    file_name: str
    dry_run: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    offices: tuple[str, ...] = ()
    problems: tuple[Refusal, ...] = ()
    problem_count: int = 0
    ignored: tuple[str, ...] = ()


class _NothingStored(Exception):
    """Ends the transaction of a dry run without a trace."""


class StaffImport:
    """Takes in lists of office staff."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, actor: Actor, path: Path, *, dry_run: bool = False, report: Path | None = None) -> StaffReport:
        """Upload a CSV file; the same file again changes nothing.

        Somebody is known again by the e-mail address, or without one by name and office. A field whose column the file
        does not have stays as it is.

        Args:
            dry_run: compare only; nothing is stored.
            report: a CSV file for all refusals.

        Raises Invalid for `file` or `report`, Refused, SignedOut, or Unavailable; then nothing was stored.
        """
        name = safe(path.name)[:255]
        with audit.refusals_recorded(self._ctx, actor, audit.Action.STAFF_UPLOADED, subject=name):
            with self._ctx.read():
                sessions.require_staff(self._ctx, actor)
                require_whole_agency(actor)
            with open_upload(path, report) as (file, refusals):
                taken = read_staff(file)
                file.refuse_changed()
                told = StaffReport(name, dry_run, ignored=taken.header.ignored)
                self._store(actor, taken, told)
                refusals.take(sorted(taken.refusals, key=lambda refusal: refusal.line))
                told.refused, told.problems, told.problem_count = taken.refused, tuple(refusals.kept), refusals.count
                refusals.publish()
                return told

    def _store(self, actor: Actor, taken: Taken, told: StaffReport) -> None:
        """Store all rows that hold; a dry run does all the same, and takes it back."""
        try:
            with self._ctx.unit():
                sessions.require_staff(self._ctx, actor)
                keep_list(self._ctx, actor)
                _Storing(self._ctx, actor, taken, told).run()
                if told.dry_run:
                    raise _NothingStored
                details: dict[str, str | int | bool | None] = {
                    "added": told.added,
                    "changed": told.changed,
                    "unchanged": told.unchanged,
                    "refused": taken.refused,
                    "offices": ", ".join(told.offices),
                }
                audit.record(self._ctx, actor, audit.Action.STAFF_UPLOADED, subject=told.file_name, details=details)
        except _NothingStored:
            return


class _Storing:
    """The rows of one file on their way into the list."""

    def __init__(self, ctx: Context, actor: Actor, taken: Taken, told: StaffReport) -> None:
        self._ctx = ctx
        self._actor = actor
        self._taken = taken
        self._told = told
        self._lines: dict[int, tuple[int, StaffFields]] = {}
        """Of each person that the file has named: the line, and what it said."""

    def run(self) -> None:
        """Store row after row; one that is refused leaves nothing behind."""
        for row in self._taken.rows:
            try:
                with self._ctx.unit():
                    self._take(row)
            except Invalid as refusal:
                for name, sentence in refusal.problems.items():
                    self._refuse(row, FIELDS.get(name), sentence)
                self._taken.refused += 1
            except Refused as refusal:
                self._refuse(row, None, refusal.sentence)
                self._taken.refused += 1

    def _refuse(self, row: Row, column: Column | None, sentence: str) -> None:
        self._taken.refusals.append(self._taken.header.refuse(row.record, column, sentence))

    def _take(self, row: Row) -> None:
        member = self._find(row)
        before = StaffFields() if member is None else staff_record_of(member).fields
        checked = CheckedStaff(replace(before, **row.values))
        if checked.problems:
            raise Invalid(checked.problems)
        if member is not None and member.id in self._lines:
            line, said = self._lines[member.id]
            if said != checked.fields:
                raise Refused(
                    f"Line {line} says something else of the same person. "
                    "Make the rows agree, or give the other person an e-mail address of their own."
                )
            self._told.unchanged += 1
            return
        office_id, made = self._office(checked.fields.office)
        if member is None:
            member = insert(self._ctx, self._actor, checked, office_id)
            self._told.added += 1
        elif update(self._ctx, self._actor, member, checked, office_id):
            self._told.changed += 1
        else:
            self._told.unchanged += 1
        self._lines[member.id] = (row.record.line, checked.fields)
        if made:
            self._told.offices += (made,)

    def _find(self, row: Row) -> StaffMember | None:
        """The person whom the row means, if the list has them."""
        mine = StaffMember.agency == self._actor.agency_id
        key = CheckedStaff(replace(StaffFields(), **row.values)).email.key
        if key:
            known: StaffMember | None = StaffMember.get_or_none(mine & (StaffMember.email_key == key))
            if known is not None:
                return known
        named = StaffMember.name_key == name_key(row.values["first_name"], row.values["last_name"])
        office = find_office(self._actor, row.values.get("office", ""))
        there = StaffMember.office.is_null() if office is None else StaffMember.office == office.id
        found: StaffMember | None = (
            StaffMember.select().where(mine & named & there & (StaffMember.email_key == "")).first()
        )
        return found

    def _office(self, name: str) -> tuple[int | None, str]:
        """The number of an office, and its name if it had to be made."""
        if not name:
            return None, ""
        office = find_office(self._actor, name)
        if office is not None:
            return int(office.id), ""
        made = Office.create(agency=self._actor.agency_id, name=name, name_key=fold(name))
        return int(made.id), name
