"""How a database goes about what is asked of it: nothing that may be large is read whole for a page of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.desk import Desk

LARGE = frozenset(
    {"audit_entry", "client", "identity", "mortgage", "outbox_message", "property", "second_factor", "session"}
)
"""Tables that may have a million rows."""

Statements = list[tuple[str, Any]]


def watched(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Statements:
    """What is asked of the database from now on, with its values."""
    asked: Statements = []
    execute = desk.ctx.database.execute_sql

    def watch(sql: str, params: Any = None, *rest: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, *rest)

    monkeypatch.setattr(desk.ctx.database, "execute_sql", watch)
    return asked


def whole_reads(desk: Desk, statements: Statements) -> list[str]:
    """The steps in which SQLite reads a large table, or all of it that an agency has; a count by its index may."""
    found = []
    for sql, params in [one for one in statements if one[0].startswith(("SELECT", "WITH"))]:
        with desk.ctx.read():
            plan = [row[-1] for row in desk.ctx.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
        tables = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(\w+)"', sql)}
        for step in plan:
            large = tables.get(step.split()[1]) in LARGE
            if large and (step.startswith("SCAN") or re.search(r"\(agency_id=\?\)", step)):
                found.append(f"{step}: {sql}")
            # What is not given out page by page is counted, or is about the staff.
            if "ORDER BY" in step and "LIMIT" in sql and sql.startswith("SELECT") and LARGE & set(tables.values()):
                found.append(f"{step}: {sql}")
    return found
