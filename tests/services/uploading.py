"""What the tests of uploads share: writing a list, taking it in, and looking at what is stored."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.client import Client, Mortgage, Property
from services.clients.importing.report import ImportReport, Refusal
from services.context import Context
from services.desk import Desk
from tests.making import MadeAgency
from tests.places import DATA

SAMPLE = DATA / "clients.csv"
MESSY = DATA / "clients-messy-excel.csv"

PERSON = "First Name,Last Name,Email,Phone,Birthday,Anniversary,Status"
LOAN = "First Name,Last Name,Email,Address,Lender,Balance,Rate,Renewal"
ANN = f"{PERSON}\nAnn,Lee,ann@example.ca,519-555-0143,1972-06-19,Feb 22,Enabled\n"
HOUSE = f"{LOAN}\nAnn,Lee,ann@example.ca,1 Main St,MCAP,100,3.79,2027-08-26\n"

_numbers = itertools.count(1)


def numbered(count: int, last: str = "Lee") -> str:
    """A list of so many clients, Ann0, Ann1 and so on, with nothing but what they must have."""
    rows = "".join(f"Ann{number},{last},ann{number}@example.ca\n" for number in range(count))
    return f"First Name,Last Name,Email\n{rows}"


class Uploader:
    """Takes in lists for one agency."""

    def __init__(self, desk: Desk, ray: MadeAgency, folder: Path) -> None:
        self.desk = desk
        self.actor = ray.admin
        self.folder = folder

    def __call__(self, content: str | bytes | Path, **options: Any) -> ImportReport:
        """Upload a text, bytes, or a file."""
        path = content if isinstance(content, Path) else self.file(content)
        return self.desk.imports.run(self.actor, path, **options)

    def file(self, content: str | bytes) -> Path:
        """A new file with that content."""
        path = self.folder / f"list-{next(_numbers)}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def one_fault(self, content: str | bytes) -> Refusal:
        """The only refusal of a list."""
        report = self(content)
        assert report.problem_count == 1, report.problems
        return report.problems[0]


def clients(ctx: Context) -> list[Client]:
    """All clients, oldest first."""
    with ctx.read():
        return list(Client.select().order_by(Client.id))


def loans(ctx: Context) -> list[tuple[Any, ...]]:
    """E-mail, address, lender, balance, rate and renewal day of all loans and of properties without one."""
    with ctx.read():
        rows = (
            Property.select(
                *(Client.email, Property.address, Mortgage.lender, Mortgage.balance, Mortgage.rate),
                Mortgage.renewal_on,
            )
            .join(Client)
            .switch(Property)
            .join(Mortgage, "LEFT OUTER JOIN")
            .order_by(Client.id, Property.id, Mortgage.id)
        )
        return list(rows.tuples())


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    """Added, changed, unchanged, merged and refused."""
    return report.added, report.changed, report.unchanged, report.merged, report.refused


def stop_after(batches: int) -> Callable[[], bool]:
    """For `cancelled`: comes true when so many batches are stored."""
    asked = itertools.count()
    return lambda: next(asked) >= batches
