"""Uploading a list at the desk: choosing it, its columns, the preview, the storing, and taking it back."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from models.client import Client, Upload
from models.states import Role
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.dialogs.upload_menus import FieldMenu
from screens.upload.choose import ChooseList
from screens.upload.columns import ListColumns
from screens.upload.preview import ListPreview
from screens.upload.preview_words import Phase
from screens.upload.uploads import TouchedClients, UploadList
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.clients.importing import run as running
from services.clients.importing.headers import Column
from services.clients.importing.report import Progress
from services.clients.values import ClientFields
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.places import DATA
from tests.screens.desk_stage import DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.services.uploading import ANN, numbered
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder, with lists in it."""
    home = tmp_path / "home"
    (home / "older").mkdir(parents=True)
    (home / "clients.csv").write_bytes((DATA / "clients-messy-excel.csv").read_bytes())
    (home / "clients-old.csv").write_text(ANN)
    (home / "photo.jpg").touch()
    monkeypatch.setenv("HOME", str(home))
    return home


@asynccontextmanager
async def choosing(
    place: Workplace, ray: MadeAgency, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, ChooseList]]:
    screen = ChooseList(place, ray.admin)
    app = Stage(place, screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.table.count, "the folder")
        await pilot.pause()
        yield pilot, app, screen


@asynccontextmanager
async def mapping(
    place: Workplace, ray: MadeAgency, path: Path, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, ListColumns]]:
    screen = ListColumns(place, ray.admin, place.desk.imports.look(ray.admin, path))
    app = Stage(place, screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.table.count, "the columns")
        await pilot.pause()
        yield pilot, app, screen


async def previewed(pilot: Pilot[Any]) -> ListPreview:
    preview: ListPreview = await until_screen(pilot, ListPreview)
    await until(pilot, lambda: preview.phase is not Phase.LOOKING, "the preview")
    await pilot.pause()
    return preview


async def test_from_the_file_to_the_stored_clients(place: Workplace, desk: Desk, ray: MadeAgency, lists: Path) -> None:
    async with choosing(place, ray) as (pilot, app, screen):
        text = screen_text(pilot)
        assert "clients.csv" in text
        assert "photo.jpg" not in text
        assert "1 other file is not shown" in text
        # What all that fit have in common is written out, then the arrows choose between them.
        await pilot.press("c", "tab")
        assert screen.input.value == f"{lists}/clients"
        await pilot.press("down", "enter")
        await until_screen(pilot, ListColumns)
        await pilot.press("f2")
        preview = await previewed(pilot)
        assert "15 refused" in screen_text(pilot)
        assert preview.tabs.query_one("#tab-problems").render().plain.strip("▌▐ ") == "1 Problems 17"
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: preview.phase is Phase.DONE, "the end")
        assert "✓ Done. 6 new" in screen_text(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: app.answer is not NOTHING, "the way back")
    assert app.answer is True
    with desk.ctx.read():
        assert Client.select().count() == 6


async def test_a_folder_is_walked_by_keys_and_what_is_no_list_is_told(
    place: Workplace, ray: MadeAgency, lists: Path
) -> None:
    async with choosing(place, ray) as (pilot, app, screen):
        await pilot.press("o", "enter")
        await until(pilot, lambda: screen.input.value == f"{lists}/older/", "the folder")
        await until(pilot, lambda: "There is no list here" in screen_text(pilot) or ".." in screen_text(pilot))
        await pilot.press("f3")
        await until(pilot, lambda: screen.input.value == f"{lists}/" and screen.table.count == 4, "the folder above")
        screen.input.value = "/nowhere/at/all"
        await until(pilot, lambda: "This folder cannot be read: No such file" in screen_text(pilot), "the refusal")
        screen.input.value = "/etc/passwd"
        await until(pilot, lambda: screen.table.count == 0, "nothing that fits")
        await pilot.press("enter")
        await until(pilot, lambda: "ends with .csv" in screen_text(pilot), "the refusal of the file")
        assert app.screen is screen


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_two_columns_on_one_field_are_told_beside_both_and_what_is_missing_above(
    place: Workplace, ray: MadeAgency, lists: Path, size: tuple[int, int]
) -> None:
    async with mapping(place, ray, lists / "clients-old.csv", size) as (pilot, app, screen):
        await pilot.press("enter")
        menu = await until_screen(pilot, FieldMenu)
        assert "← Last Name" in screen_text(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is screen and menu is not app.screen)
        await until(pilot, lambda: screen_text(pilot).count("✗ Last Name") == 2, "both are marked")
        assert "No column is taken as First Name." in " ".join(screen_text(pilot).split())
        assert "“Last Name” holds Last Name too." in screen_text(pilot)
        await pilot.press("f2")
        await pilot.pause()
        assert app.screen is screen
        await pilot.press("x")
        await until(pilot, lambda: "✗" not in screen_text(pilot), "all as it was")


async def test_a_choice_is_remembered_and_forgotten(place: Workplace, desk: Desk, ray: MadeAgency, lists: Path) -> None:
    path = lists / "clients-old.csv"
    async with mapping(place, ray, path) as (pilot, _, screen):
        screen.table.move_to(3)
        await pilot.press("n", "f2")
        await previewed(pilot)
    look = desk.imports.look(ray.admin, path)
    assert Column.PHONE not in look.choice.columns
    async with mapping(place, ray, path) as (pilot, _, screen):
        assert "As Sue Wright chose for such files" in screen_text(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "Found out from the header" in screen_text(pilot), "the guess")
    assert desk.imports.look(ray.admin, path).remembered is None


@pytest.fixture
def gate(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Holds an upload that stores after its second batch until it is set."""
    opened = threading.Event()
    run = desk.imports.run
    monkeypatch.setattr(running, "BATCH_ROWS", 2)

    def held(*words: Any, on_progress: Callable[[Progress], None], dry_run: bool, **more: Any) -> Any:
        def progress(told: Progress) -> None:
            on_progress(told)
            if told.rows == 4 and not dry_run:
                opened.wait(20)

        return run(*words, on_progress=progress, dry_run=dry_run, **more)

    monkeypatch.setattr(desk.imports, "run", held)
    return opened


async def test_an_upload_is_paused_and_gone_on_with(
    place: Workplace, desk: Desk, ray: MadeAgency, lists: Path, gate: threading.Event
) -> None:
    path = lists / "many.csv"
    path.write_text(numbered(9))
    look = desk.imports.look(ray.admin, path)
    screen = ListPreview(place, ray.admin, look, look.choice)
    app = Stage(place, screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await previewed(pilot)
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: "Uploading … 4 rows" in screen_text(pilot), "the progress")
        await pilot.press("p")
        gate.set()
        await until(pilot, lambda: screen.phase is Phase.STOPPED, "the pause")
        assert "Stopped after 4 rows" in screen_text(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: screen.phase is Phase.DONE, "the end")
        await pilot.press("escape")
        await until(pilot, lambda: app.answer is True, "the way back")
    with desk.ctx.read():
        assert (Client.select().count(), Upload.select().count()) == (9, 1)


async def test_a_file_that_changes_before_it_is_stored_is_refused(
    place: Workplace, desk: Desk, ray: MadeAgency, lists: Path
) -> None:
    path = lists / "clients-old.csv"
    async with mapping(place, ray, path) as (pilot, app, screen):
        await pilot.press("f2")
        preview = await previewed(pilot)
        path.write_text(ANN.replace("Lee", "Li"))
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until_screen(pilot, Problem)
        assert "another one than the one that you looked at" in " ".join(screen_text(pilot).replace("│", " ").split())
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is preview and preview.phase is Phase.STOPPED, "the stop")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen, "the step before")
    with desk.ctx.read():
        assert Client.select().count() == 0


async def test_an_upload_is_undone_unless_somebody_has_touched_it(
    place: Workplace, desk: Desk, ray: MadeAgency, lists: Path
) -> None:
    desk.imports.run(ray.admin, lists / "clients-old.csv")
    desk.imports.run(ray.admin, lists / "clients.csv")
    with desk.ctx.read():
        ann = Client.get(Client.email_key == "ann@example.ca")
    desk.clients.save(ray.admin, int(ann.id), 1, ClientFields(HOSTILE[:5], "Lee", "ann@example.ca"))
    screen = UploadList(place, ray.admin)
    app = Stage(place, screen)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: screen.table.count == 2 and screen.table.cursor_key, "the list")
        await pilot.press("u")
        await until_screen(pilot, Confirm)
        assert "6 clients that it added" in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "✗ undone" in screen_text(pilot), "the undoing")
        await pilot.press("down", "u")
        await until_screen(pilot, TouchedClients)
        await until(pilot, lambda: "changed first name" in screen_text(pilot), "who is in the way")
        assert is_harmless(pilot) or "[/x]" in screen_text(pilot)
    with desk.ctx.read():
        assert Client.select().count() == 1


async def test_the_preview_knows_of_an_undoing(place: Workplace, ray: MadeAgency, lists: Path) -> None:
    async with mapping(place, ray, lists / "clients.csv") as (pilot, _, _):
        await pilot.press("f2")
        preview = await previewed(pilot)
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: preview.phase is Phase.DONE, "the upload")
        await pilot.press("u")
        uploads = await until_screen(pilot, UploadList)
        await until(pilot, lambda: uploads.table.cursor_key, "the list")
        await pilot.press("u")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: "✗ undone" in screen_text(pilot), "the undoing")
        await pilot.press("escape")
        await until(pilot, lambda: "as they were before this upload" in screen_text(pilot), "what became of it")


async def test_hostile_names_and_cells_are_mere_text(place: Workplace, ray: MadeAgency, lists: Path) -> None:
    name = HOSTILE.replace("/", "")
    path = lists / f"{name}.csv"
    path.write_text(f"First Name,Last Name,Email,{HOSTILE}\nAnn,{HOSTILE},ann@,{HOSTILE}\n")
    async with mapping(place, ray, path, (120, 40)) as (pilot, _, screen):
        screen.table.move_to(3)
        await pilot.pause()
        assert is_harmless(pilot)
        await pilot.press("f2")
        preview = await previewed(pilot)
        assert preview.query_one("#problems", VirtualTable).count == 2
        # Cut, but as it is written.
        assert is_harmless(pilot) or "[/x][@click=app.qu" in screen_text(pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert is_harmless(pilot)


async def test_f8_is_for_those_who_may_upload(place: Workplace, desk: Desk, lists: Path) -> None:
    stage = DeskStage(place, desk)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await stage.ready(pilot, 0)
        assert stage.main.check_action("upload", ())
        await pilot.press("f8")
        await until_screen(pilot, ChooseList)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is stage.main, "the desk")
        auditor = making.make_staff(desk, stage.ray.agency, "aud@example.com", role=Role.AUDITOR)
        stage.main._actor = auditor
        assert not stage.main.check_action("upload", ())
