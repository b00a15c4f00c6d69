"""What the tests of reports share: the rows of one, by the names of their columns."""

from __future__ import annotations

from typing import Any

from services.actor import Actor
from services.desk import Desk
from services.reports.catalogue import READINGS, report_named
from services.reports.reading import Reading
from services.reports.values import asked_of


def reading(desk: Desk, actor: Actor, name: str, days: int | None = None, office: int | None = None) -> Reading:
    """A report as somebody asks for it."""
    return READINGS[name](desk.ctx, actor, asked_of(report_named(name), days, office))


def rows_of(desk: Desk, actor: Actor, name: str, days: int | None = None, office: int | None = None) -> list[Any]:
    """Its rows, page after page."""
    asked = reading(desk, actor, name, days, office)
    return [row for page in asked.pages() for row in asked.rows([key for key, _ in page])]


def told(desk: Desk, actor: Actor, name: str, *columns: str, **asked: Any) -> list[tuple[Any, ...]]:
    """Some columns of all rows."""
    names = [column.name for column in report_named(name).columns]
    return [tuple(row.values[names.index(column)] for column in columns) for row in rows_of(desk, actor, name, **asked)]


def finding(desk: Desk, actor: Actor, name: str, days: int | None = None) -> str:
    """What it comes to."""
    return desk.reports.finding(actor, asked_of(report_named(name), days)).words
