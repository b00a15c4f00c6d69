"""Entries get numbers without a gap and seals that follow each other, whoever writes at the same time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import DatabaseError

from models.audit import AuditEntry, AuditHead
from services import audit
from services.auditing.chain import ChainBroken
from services.auditing.checking import check
from services.context import Context
from tests.places import ROOT
from tests.services.auditing.conftest import SUE, Write, numbers, problems
from tests.tampering import behind_the_triggers


def test_numbers_begin_with_one_and_leave_no_gap(ctx: Context, trail: None) -> None:
    assert numbers(ctx) == list(range(1, 11))
    assert problems(ctx) == []


def test_an_undone_unit_takes_no_number(ctx: Context, trail: None, write: Write) -> None:
    with pytest.raises(ZeroDivisionError), ctx.unit():
        audit.record(ctx, SUE, audit.Action.RESET_SENT)
        _ = 1 // 0
    write()
    assert numbers(ctx) == list(range(1, 12))


def test_an_undone_part_of_a_unit_takes_its_entries_along(ctx: Context) -> None:
    with ctx.unit():
        audit.record(ctx, SUE, audit.Action.RESET_SENT, subject="before")
        with pytest.raises(ZeroDivisionError), ctx.unit():
            audit.record(ctx, SUE, audit.Action.RESET_SENT, subject="undone")
            _ = 1 // 0
        audit.record(ctx, SUE, audit.Action.RESET_SENT, subject="behind")
    with ctx.read():
        assert [row.subject for row in AuditEntry.select().order_by(AuditEntry.id)] == ["before", "behind"]
    assert problems(ctx) == []


def test_an_entry_outside_of_a_unit_is_a_fault(ctx: Context) -> None:
    with pytest.raises(RuntimeError, match="unit of work"), ctx.read():
        audit.record(ctx, SUE, audit.Action.RESET_SENT)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "\x1b]52;c;aGk=\x07", "\u202e", "x" * 3000, "ﷺ" * 300])
def test_whatever_was_typed_is_written_down(ctx: Context, text: str) -> None:
    with ctx.unit():
        audit.record(ctx, SUE, audit.Action.RESET_SENT, subject=text, reason=text, details={"to": text})
    assert problems(ctx) == []


@pytest.mark.parametrize("sql", ["UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry WHERE id = 10"])
def test_the_table_refuses_every_change(ctx: Context, trail: None, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), ctx.unit():
        ctx.database.execute_sql(sql)


def test_postgresql_refuses_to_empty_it(ctx: Context, trail: None, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), ctx.unit():
        ctx.database.execute_sql("TRUNCATE audit_entry")


def test_threads_that_write_at_once_leave_one_whole_chain(
    ctx: Context, write: Write, at_once: Callable[..., list[Any]]
) -> None:
    assert at_once(*[lambda: write(25)] * 4) == [None] * 4
    assert numbers(ctx) == list(range(1, 101))
    assert problems(ctx) == []


WRITER = """
import sys
from pathlib import Path
from services import audit
from services.opening import open_desk
from services.settings import Settings
from tests.services.auditing.conftest import SUE
ctx = open_desk(Settings(home=Path(sys.argv[1]), database_url=sys.argv[2])).ctx
for number in range(50):
    with ctx.unit():
        for _ in range(1 + number % 3):
            audit.record(ctx, SUE, audit.Action.RESET_SENT, subject=str(number))
"""


@pytest.mark.slow
def test_four_programs_that_write_at_once_leave_one_whole_chain(ctx: Context, database_url: str) -> None:
    command = [sys.executable, "-c", WRITER, str(ctx.settings.home), database_url]
    programs = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    # A check in the midst of it sees a whole chain too.
    while any(program.poll() is None for program in programs):
        assert problems(ctx) == []
    assert [program.returncode for program in programs] == [0] * 4
    assert numbers(ctx) == list(range(1, 4 * 99 + 1))
    assert problems(ctx) == []


def forge_head(ctx: Context) -> None:
    """Cut off the end, and let the head say that nothing is missing, as well as one can without the key."""
    with behind_the_triggers(ctx):
        AuditEntry.delete().where(AuditEntry.id > 8).execute()
        last = AuditEntry.get_by_id(8)
        AuditHead.update(seq=8, mac=last.mac).execute()


def remove_head(ctx: Context) -> None:
    """No head, as if nothing had been written yet."""
    with ctx.unit():
        AuditHead.delete().execute()


def put_behind_the_head(ctx: Context) -> None:
    """An entry with the number that is next."""
    with ctx.read():
        row = AuditEntry.select().where(AuditEntry.id == 10).dicts().get()
    with ctx.unit():
        AuditEntry.insert(**(row | {"id": 11})).execute()


@pytest.mark.parametrize("damage", [forge_head, remove_head, put_behind_the_head])
def test_nothing_is_written_on_top_of_a_trail_whose_end_was_changed(
    ctx: Context, trail: None, write: Write, damage: Callable[[Context], None]
) -> None:
    damage(ctx)
    before = numbers(ctx)
    with pytest.raises(ChainBroken, match="trakdesk audit verify"):
        write()
    assert numbers(ctx) == before
    assert not check(ctx).whole


def test_a_long_unit_does_not_hold_the_head_before_its_end(ctx: Context, trail: None, tmp_path: Path) -> None:
    with ctx.unit():
        audit.record(ctx, SUE, audit.Action.RESET_SENT)
        assert int(AuditHead.get().seq) == 10
        assert not AuditEntry.select().where(AuditEntry.id > 10).exists()
    assert numbers(ctx)[-1] == 11
