"""The Audit tab: the newest first, searched and filtered, one entry whole, and a trail that was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.audit import AuditEntry
from models.states import Role
from screens.audit.audit import AuditTab
from screens.desk import DeskMain
from screens.dialogs.ask_line import AskPath
from screens.dialogs.audit_filter import AuditFilterMenu
from screens.dialogs.details import Details
from screens.workplace import Workplace
from services import audit
from services.desk import Desk
from tests import making
from tests.screens.desk_stage import SMALL, WIDE, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen
from tests.tampering import behind_the_triggers


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    """The desk of an agency in which three things happened."""
    made = DeskStage(place, desk)
    for subject in ("Anna Adams", "Brent Thomas", HOSTILE):
        happen(made, subject)
    return made


def happen(stage: DeskStage, subject: str) -> None:
    with stage.desk.ctx.unit():
        audit.record(stage.desk.ctx, stage.ray.admin, audit.Action.RESET_SENT, subject=subject, reason=subject)


def tab(stage: DeskStage) -> AuditTab:
    return stage.main.query_one(AuditTab)


async def test_the_newest_stand_first_and_are_searched_and_filtered(stage: DeskStage) -> None:
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 0)
        await pilot.press("5")
        await until(pilot, lambda: tab(stage).table.count == 3)
        await until(pilot, lambda: "3 entries, sealed" in screen_text(pilot))
        await pilot.press("slash", *"brent")
        await until(pilot, lambda: tab(stage).table.count == 1)
        await pilot.press("enter", "f")
        await until_screen(pilot, AuditFilterMenu)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Show today ▾" in screen_text(pilot))
        assert tab(stage).table.count == 1
        await pilot.press("escape", "escape")
        await until(pilot, lambda: tab(stage).table.count == 3)
        assert "Show all ▾" in screen_text(pilot)


async def test_a_new_entry_appears_while_one_looks(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.press("5")
        await until(pilot, lambda: tab(stage).table.count == 3)
        happen(stage, "Cindy Baxter")
        stage.main.look()
        await until(pilot, lambda: "Cindy Baxter" in screen_text(pilot))
        await until(pilot, lambda: "4 entries, sealed" in screen_text(pilot))


async def test_enter_shows_an_entry_whole_and_whether_it_was_changed(stage: DeskStage) -> None:
    with behind_the_triggers(stage.desk.ctx):
        AuditEntry.update(reason="forged").where(AuditEntry.subject == "Brent Thomas").execute()
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.press("5")
        await until(pilot, lambda: "changed from outside" in screen_text(pilot))
        await pilot.press("enter")
        await until_screen(pilot, Details)
        assert is_harmless(pilot)
        await pilot.press("escape", "down", "enter")
        await until(pilot, lambda: "not as it was written" in screen_text(pilot))
        await pilot.press("escape", "down", "enter")
        await until(pilot, lambda: "1, sealed" in screen_text(pilot))


async def test_what_is_shown_is_exported_and_nothing_overwritten(stage: DeskStage, tmp_path: Path) -> None:
    there, free = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    there.write_text("precious")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.press("5")
        await until(pilot, lambda: tab(stage).table.count == 3)
        await pilot.press("slash", *"anna", "enter")
        await until(pilot, lambda: tab(stage).table.count == 1)
        for path in (there, free):
            await pilot.press("x") if path is there else None
            dialog = await until_screen(pilot, AskPath)
            dialog.query_one("Input").value = str(path)  # type: ignore[attr-defined]
            await pilot.press("enter")
            if path is there:
                await until(pilot, lambda: "is there already" in screen_text(pilot))
        await until(pilot, lambda: stage.app.told == [f"1 written: {free}"])
    assert (there.read_text(), free.read_text().count("\n")) == ("precious", 1)


async def test_an_agent_has_no_such_tab(place: Workplace, desk: Desk) -> None:
    made = making.make_agency(desk)
    main = DeskMain(place, making.make_staff(desk, made.agency, "ann@example.com", role=Role.AGENT))
    app = Stage(place, main)
    async with app.run_test(size=SMALL) as pilot:
        await until_screen(pilot, DeskMain)
        await pilot.press("5")
        await pilot.pause()
        assert "Audit" not in screen_text(pilot)
        assert main.parts.current == "clients"
