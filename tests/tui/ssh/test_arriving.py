"""Over SSH: who comes with a known key is at the desk at once, and the form tells nobody who was there before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.identity import Identity
from models.staff import StaffMember
from models.states import IdentityState
from screens.desk import DeskMain
from screens.entry.sign_in import SignIn
from screens.entry.sign_in_code import SecondStep
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import person_key
from services.clock import ManualClock
from services.desk import Desk
from services.remembered import FileMemory, Remembered
from services.shared_memory import SharedMemory
from tests.enrolling import enrol
from tests.making import HERE, PASSWORD, MadeAgency, entries, make_agency
from tests.services.ssh_keys.keying import a_key, print_of
from tests.settling import shows, until_screen
from tests.talking import Typist
from tui.app import DeskApp
from tui.plain.dialogue import Dialogue
from tui.plain.run import hold_talk
from tui.plain.sitting import Sitting
from tui.ssh.arriving import Line, line_of
from tui.unsigned_words import PATIENCE

KEY = a_key("")
LINE = "198.51.100.4 50000 203.0.113.7 22"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the services do on either engine is tried with them."""
    return sqlite_url


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    """An agency whose administrator has a key."""
    made = make_agency(desk)
    with desk.ctx.read():
        sue = person_key.staff(StaffMember.get(StaffMember.identity == made.admin.identity_id).id)
    desk.ssh_keys.bind(made.admin, sue, KEY)
    desk.sign_in.sign_out(made.admin)
    return made


@pytest.fixture
def place(desk: Desk) -> Iterator[Workplace]:
    """A desk to which somebody came with that key."""
    workplace = Workplace(desk, HERE, SharedMemory(desk.ctx), print_of(KEY))
    yield workplace
    workplace.close()


@pytest.mark.slow
async def test_the_desk_opens_by_itself_and_after_signing_out_one_key_opens_it_again(
    place: Workplace, made: MadeAgency
) -> None:
    app = DeskApp(place)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_screen(pilot, DeskMain)
        await pilot.press("q")
        await shows(pilot, "Sign out?")
        await pilot.press("y")
        form = await until_screen(pilot, SignIn)
        await shows(pilot, "or with your SSH key: F7")
        assert (form.company_code.value, form.user_name.value) == ("RAY-919", "")
        await pilot.press("f7")
        await until_screen(pilot, DeskMain)
        app.exit()
    assert len(entries(place.desk.ctx, "signed_in")) == 2


async def test_the_second_factor_is_asked_for_first_and_going_back_leads_to_the_form(
    place: Workplace, made: MadeAgency, clock: ManualClock
) -> None:
    factor = enrol(place.desk.ctx, made.admin.identity_id or 0)
    app = DeskApp(place)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_screen(pilot, SecondStep)
        await pilot.press("escape")
        await until_screen(pilot, SignIn)
        assert entries(place.desk.ctx, "signed_in") == []
        await pilot.press("f7")
        step = await until_screen(pilot, SecondStep)
        step.query_one("#code", Field).value = factor.code(clock.now()).reveal()
        await pilot.press("f2")
        await until_screen(pilot, DeskMain)
        app.exit()


async def test_a_key_that_opens_nothing_leads_to_the_form_which_says_so(place: Workplace, made: MadeAgency) -> None:
    with place.desk.ctx.unit():
        Identity.update(state=IdentityState.DEACTIVATED).execute()
    app = DeskApp(place)
    async with app.run_test(size=(80, 24)) as pilot:
        form = await until_screen(pilot, SignIn)
        await shows(pilot, "Your SSH key does not sign you in here.")
        with place.desk.ctx.unit():
            Identity.update(state=IdentityState.ACTIVE).execute()
        form.user_name.value = "sue@raystaging.example.com"
        form.password.value = PASSWORD.reveal()
        await pilot.press("f2")
        await until_screen(pilot, DeskMain)
        app.exit()
    assert not place.desk.ctx.settings.remembered_path.exists()


def test_what_is_remembered_and_which_key_it_is_depends_on_the_line(desk: Desk, tmp_path: Path) -> None:
    told = tmp_path / "sshauth"
    told.write_text(f"publickey {KEY}\n")
    told.chmod(0o600)
    here = line_of(desk, {"SSH_USER_AUTH": str(told)})
    assert (type(here.memory), here.key, here.patience) == (FileMemory, "", None)
    there = line_of(desk, {"SSH_USER_AUTH": str(told), "SSH_CONNECTION": LINE})
    assert (type(there.memory), there.key, there.patience) == (SharedMemory, print_of(KEY), PATIENCE)


def talk_over_ssh(desk: Desk, *answers: str) -> str:
    """What somebody hears who came with the key to a desk of lines."""
    heard: list[str] = []
    sitting = Sitting(desk, Dialogue(Typist(answers), heard.append), HERE, Line(SharedMemory(desk.ctx), print_of(KEY)))
    hold_talk(sitting)
    return "".join(heard)


def test_line_by_line_the_key_signs_in_too_and_nobody_is_remembered(desk: Desk, made: MadeAgency) -> None:
    assert "You are signed in as Sue Wright" in talk_over_ssh(desk, "1", "y", "b", "q")
    heard = talk_over_ssh(desk, "1", "n", "sue@raystaging.example.com", PASSWORD.reveal(), "b", "q")
    assert "Company code: RAY-919." in heard
    assert "You are signed in as Sue Wright" in heard
    assert "Signed in here last" not in talk_over_ssh(desk, "1", "n", "b", "q")
    assert SharedMemory(desk.ctx).recall() == Remembered("RAY-919")
