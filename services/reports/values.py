"""What a report is: its name, its columns, and what can be asked of it. Frozen values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from services.conventions import Conventions
from services.errors import Invalid
from services.person_key import PersonKey
from services.rights import Right

Value = str | int | Decimal | date | datetime | None
"""What a cell holds; None for nothing."""


class Kind(StrEnum):
    """What the values of a column are, and so how they are written."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    WAIT = "wait"
    """Whole seconds."""

    @property
    def is_figure(self) -> bool:
        """Whether values are compared by their last signs, so that they stand on the right."""
        return self in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.WAIT)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report.

    Attributes:
        name: in files, where it never changes; title: for people.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Days:
    """The number of days that a report asks for.

    Attributes:
        words: what it means, after the number.
    """

    default: int
    least: int
    most: int
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report.

    Attributes:
        name: by which commands and files know it.
        about: one sentence on what its rows are.
        none: the good news where it has no rows; "{days}" in it stands for the days that were asked for.
        telling: the column by which a row stands out; its mark is drawn there.
        right: who may read it.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    none: str
    telling: str
    days: Days | None = None
    right: Right = Right.LOOK


@dataclass(frozen=True, slots=True)
class Asked:
    """A report, and what is asked of it.

    Attributes:
        days: None for a report that asks for no days.
        office_id: the office whose people alone are meant; None for all whom the actor sees.
    """

    report: Report
    days: int | None = None
    office_id: int | None = None

    @property
    def shown_days(self) -> str:
        """The days with what they mean; empty for a report without."""
        if self.report.days is None or self.days is None:
            return ""
        return f"{self.days} {'day' if self.days == 1 else 'days'} {self.report.days.words}"

    @property
    def none(self) -> str:
        """The good news where it has no rows."""
        return self.report.none.format(days=self.shown_days)


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        key: tells it from all others of the same report.
        values: one for each column.
        person: whom it is about; None for nobody in the lists.
        mark: the name of the style that underlines what the row says; empty for none.
    """

    key: int
    values: tuple[Value, ...]
    person: PersonKey | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a report comes to.

    Attributes:
        rows: how many rows it has.
        words: one sentence.
        good: whether there is nothing to do.
    """

    rows: int
    words: str
    good: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A report as somebody is offered it.

    Attributes:
        closed: why they may not read it; empty if they may.
    """

    report: Report
    closed: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the rows of a report that is given out.

    Attributes:
        agency: its company code; office: the name of the only one that was asked for, empty for all.
        at: when it was read.
    """

    asked: Asked
    agency: str
    office: str
    at: datetime
    finding: Finding
    conventions: Conventions


def asked_of(report: Report, days: int | None = None, office_id: int | None = None) -> Asked:
    """A report with its own number of days, or with another one.

    Raises Invalid for `days` outside the limits, or for a report that asks for none.
    """
    limits = report.days
    if limits is None:
        if days is not None:
            raise Invalid({"days": f"The report {report.name} asks for no days. Leave them out."})
        return Asked(report, None, office_id)
    chosen = limits.default if days is None else days
    if not limits.least <= chosen <= limits.most:
        raise Invalid({"days": f"Choose a number from {limits.least} to {limits.most:,}."})
    return Asked(report, chosen, office_id)
