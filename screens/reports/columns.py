"""How wide the columns of reports are, and which of them stand aside where there is little room."""

from __future__ import annotations

from collections.abc import Mapping

from screens.widgets.virtual_table import Column
from services.reports.values import Report

_FLEXIBLE = frozenset({"name", "email", "standing", "answer", "action", "reason", "property"})

_SIZES: Mapping[str, tuple[int, int, int]] = {
    "name": (20, 14, 0),
    "kind": (12, 12, 50),
    "email": (28, 22, 40),
    "office": (16, 10, 45),
    "standing": (24, 22, 5),
    "tries": (5, 5, 20),
    "until": (12, 12, 42),
    "wait_seconds": (6, 5, 1),
    "since": (12, 12, 30),
    "days": (5, 5, 10),
    "mail": (16, 11, 12),
    "mail_at": (12, 12, 48),
    "outcome": (8, 8, 30),
    "failed_at": (12, 12, 20),
    "answer": (34, 26, 10),
    "phone": (14, 14, 12),
    "property": (34, 16, 35),
    "lender": (18, 12, 30),
    "balance": (15, 13, 20),
    "rate": (7, 6, 15),
    "renewal_on": (10, 10, 1),
    "days_left": (9, 9, 3),
    "deactivated_at": (12, 12, 10),
    "deactivated_by": (16, 12, 30),
    "reason": (24, 12, 28),
    "last_sign_in": (12, 12, 20),
    "tries_since": (5, 5, 15),
    "last_try": (12, 12, 25),
    "line": (8, 8, 60),
    "role": (13, 13, 2),
    "required": (8, 8, 5),
    "people": (6, 6, 10),
    "with_app": (8, 8, 12),
    "coverage": (8, 8, 11),
    "action": (34, 20, 2),
    "event": (20, 18, 60),
    "done": (6, 5, 1),
    "refused": (7, 7, 5),
    "failed": (6, 6, 10),
    "last_at": (12, 12, 15),
}
"""Cells that a column wishes for and can live with, and when it goes: the one with the highest number goes first."""

_OWN: Mapping[tuple[str, str], tuple[int, int, int]] = {
    ("undeliverable", "email"): (28, 18, 8),
    ("undeliverable", "mail"): (16, 10, 35),
}
"""Where a report has reasons of its own."""


def columns_of(report: Report) -> tuple[Column, ...]:
    """The columns of a report's table; all that fit are there."""
    return tuple(
        Column(
            column.name,
            column.title,
            *_OWN.get((report.name, column.name), _SIZES[column.name])[:2],
            align="right" if column.kind.is_figure else "left",
            flexible=column.name in _FLEXIBLE,
            hide_below=_OWN.get((report.name, column.name), _SIZES[column.name])[2],
        )
        for column in report.columns
    )
