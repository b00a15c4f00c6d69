"""Whatever is done to the trail behind the desk's back is found, and named by its number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.audit import AuditEntry, AuditHead
from services.auditing import anchors, chain
from services.auditing.anchors import Anchor
from services.auditing.checking import check, check_end
from services.auditing.resealing import reseal
from services.clock import ManualClock
from services.context import Context
from services.errors import Invalid
from services.keys import Keys
from tests.services.auditing.conftest import AT_THE_MACHINE, Write, found, numbers, problems
from tests.tampering import behind_the_triggers

Found = list[tuple[str, int, int]]
Do = Callable[[], object]


def where(*entry_ids: int) -> object:
    return AuditEntry.id.in_(entry_ids)


def change(entry_id: int, **columns: object) -> Do:
    return lambda: AuditEntry.update(**columns).where(where(entry_id)).execute()


def remove(*entry_ids: int) -> Do:
    return lambda: AuditEntry.delete().where(where(*entry_ids)).execute()


def swap(one: int, other: int) -> Do:
    """Let two entries change places, seals and all."""

    def numbered() -> None:
        for old, new in ((one, 99), (other, one), (99, other)):
            AuditEntry.update(id=new).where(where(old)).execute()

    return numbered


def put_in(entry_id: int, like: int = 3) -> Do:
    def copied() -> None:
        row = AuditEntry.select().where(where(like)).dicts().get()
        AuditEntry.insert(**(row | {"id": entry_id})).execute()

    return copied


def both(*doings: Do) -> Do:
    return lambda: [do() for do in doings]


def sealed_with_another_key() -> None:
    """Write the trail anew from entry 6 on, all seals made with a key of one's own."""
    mac = AuditEntry.get_by_id(5).mac
    for row in (
        AuditEntry.select(*(getattr(AuditEntry, name) for name in chain.COLUMNS)).order_by(AuditEntry.id).dicts()
    ):
        if row["id"] >= 6:
            mac = chain.seal_of(b"x" * 32, mac, row["id"], b"whatever")
            AuditEntry.update(mac=mac, reason="forged").where(where(row["id"])).execute()


TAMPERINGS: dict[str, tuple[Do, Found]] = {
    "reason": (change(4, reason="x"), [("changed", 4, 4)]),
    "who": (change(4, actor_name="Eve"), [("changed", 4, 4)]),
    "when": (change(4, at=0), [("changed", 4, 4)]),
    "agency": (change(4, agency_id=2), [("changed", 4, 4)]),
    "whom": (change(4, client_id=5), [("changed", 4, 4)]),
    "details": (change(4, details="{}"), [("changed", 4, 4)]),
    "words": (change(4, search=""), [("changed", 4, 4)]),
    "seal": (change(4, mac="0" * 64), [("changed", 4, 4)]),
    "reason and seal": (both(change(4, reason="x"), change(4, mac="0" * 64)), [("changed", 4, 4), ("unproved", 5, 5)]),
    "first": (change(1, reason="x"), [("changed", 1, 1)]),
    "last": (change(10, reason="x"), [("changed", 10, 10)]),
    "last seal": (change(10, mac="0" * 64), [("changed", 10, 10)]),
    "one gone": (remove(4), [("missing", 4, 4), ("unproved", 5, 5)]),
    "first gone": (remove(1), [("missing", 1, 1), ("unproved", 2, 2)]),
    "some gone": (remove(4, 5, 6), [("missing", 4, 6), ("unproved", 7, 7)]),
    "end gone": (remove(9, 10), [("missing", 9, 10)]),
    "all gone": (remove(*range(1, 11)), [("missing", 1, 10)]),
    "swapped": (swap(3, 7), [("moved", 3, 3), ("moved", 7, 7)]),
    "neighbours swapped": (swap(3, 4), [("moved", 3, 3), ("moved", 4, 4)]),
    "put in": (put_in(11), [("inserted", 11, 11)]),
    "put in before": (put_in(0), [("inserted", 0, 0)]),
    "two changed": (both(change(3, reason="x"), change(7, reason="y")), [("changed", 3, 3), ("changed", 7, 7)]),
    "written anew": (sealed_with_another_key, [("changed", 6, 6), ("unproved", 7, 10)]),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_tampering_is_found_and_named(ctx: Context, trail: None, name: str) -> None:
    tamper, expected = TAMPERINGS[name]
    with behind_the_triggers(ctx):
        tamper()
    assert problems(ctx) == expected


def test_a_finding_says_when_who_and_what(ctx: Context, trail: None) -> None:
    with behind_the_triggers(ctx):
        change(4, reason="x")()
    [finding] = check(ctx).findings
    assert finding.sentence == (
        "Entry 4 was changed after it was written "
        "(2026-11-21 10:00:00 UTC, Sue Wright sent a reset, about Brent Thomas)."
    )


@pytest.mark.parametrize("details", ["no json", "[]", '{"a": "\x1b[2J"}'])
def test_an_entry_that_can_no_longer_be_read_is_named_all_the_same(ctx: Context, trail: None, details: str) -> None:
    with behind_the_triggers(ctx):
        change(4, details=details, subject="\x1b[2J")()
    [finding] = check(ctx).findings
    assert finding.sentence.startswith("Entry 4 was changed")
    assert finding.sentence.isprintable()


def test_a_trail_that_nobody_has_begun_is_whole(ctx: Context) -> None:
    report = check(ctx)
    assert (report.whole, report.entries, report.head) == (True, 0, 0)


def test_with_other_keys_nothing_fits(ctx: Context, trail: None) -> None:
    other = Context(ctx.database, ctx.clock, Keys.generate(), ctx.settings)
    assert not check(other).whole


def test_the_quick_check_sees_the_end_only(ctx: Context, trail: None) -> None:
    with behind_the_triggers(ctx):
        change(2, reason="x")()
    assert check_end(ctx, 5).whole
    assert found(check_end(ctx, 9)) == [("changed", 2, 2)]


def old_state(ctx: Context) -> None:
    """Put back what the database held when the trail was two entries shorter: whole in itself."""
    with behind_the_triggers(ctx):
        AuditEntry.delete().where(AuditEntry.id > 8).execute()
        head = chain.Head(8, AuditEntry.get_by_id(8).mac)
        AuditHead.update(seq=8, mac=head.mac, seal=chain.head_seal(ctx.keys.audit, head)).execute()


def anchor(ctx: Context) -> Anchor:
    newest = anchors.newest(ctx)
    assert newest is not None
    return newest


def test_only_an_anchor_tells_that_an_old_state_was_put_back(
    ctx: Context, clock: ManualClock, trail: None, write: Write
) -> None:
    kept = anchor(ctx)
    assert check(ctx, [kept]).whole
    old_state(ctx)
    assert check(ctx).whole
    assert found(check(ctx, [kept])) == [("anchor", 10, 10)]
    clock.advance(minutes=1)
    write(5)
    assert found(check(ctx, [kept])) == [("anchor", 10, 10)]


def test_what_was_accepted_is_known_and_anything_new_is_found(ctx: Context, trail: None, write: Write) -> None:
    with behind_the_triggers(ctx):
        both(change(4, reason="x"), remove(6))()
    reseal(ctx, AT_THE_MACHINE, "an accident, looked at with the vendor")
    write()
    report = check(ctx)
    assert (report.whole, len(report.known)) == (True, 3)
    with behind_the_triggers(ctx):
        both(change(4, reason="y"), change(8, reason="y"))()
    assert problems(ctx) == [("changed", 4, 4), ("changed", 8, 8)]


@pytest.mark.parametrize("name", ["end gone", "all gone", "put in", "last seal", "written anew"])
def test_after_a_damaged_end_the_desk_goes_on_once_it_was_accepted(
    ctx: Context, trail: None, write: Write, name: str
) -> None:
    with behind_the_triggers(ctx):
        TAMPERINGS[name][0]()
        AuditHead.update(seal="x").execute()
    with pytest.raises(chain.ChainBroken):
        write()
    reseal(ctx, AT_THE_MACHINE, "looked at")
    write(3)
    assert check(ctx).whole
    assert check(ctx).known
    assert numbers(ctx)[-1] >= 14


def test_after_a_restored_backup_the_anchors_of_before_are_accepted_by_name(
    ctx: Context, clock: ManualClock, trail: None, write: Write
) -> None:
    kept = anchor(ctx)
    old_state(ctx)
    clock.advance(minutes=1)
    reseal(ctx, AT_THE_MACHINE, "restored the backup of the night", [kept])
    write(5)
    assert check(ctx, [kept, anchor(ctx)]).whole
    with behind_the_triggers(ctx):
        remove(10)()
    assert found(check(ctx, [kept]))[0] == ("missing", 10, 10)


def test_to_accept_needs_a_reason(ctx: Context, trail: None) -> None:
    with pytest.raises(Invalid, match="Say why"):
        reseal(ctx, AT_THE_MACHINE, "  ")


def test_anchors_are_appended_to_a_file_and_read_back(ctx: Context, trail: None, tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    anchors.append_line(path, anchor(ctx).line(ctx.clock.now()))
    anchors.append_line(path, "# a note")
    assert anchors.read_lines(path) == [anchor(ctx)]
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("nonsense\n")
    with pytest.raises(Invalid, match="Line 1 of"):
        anchors.read_lines(path)
    with pytest.raises(Invalid, match="cannot be read"):
        anchors.read_lines(tmp_path / "not there")
