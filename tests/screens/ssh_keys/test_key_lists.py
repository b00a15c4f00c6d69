"""The lists of SSH keys: a colleague's, for an administrator, and one's own."""

from __future__ import annotations

import pytest
from textual.events import Paste

from models.ssh_key import SshKey
from models.staff import StaffMember
from models.states import Role
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.settings.security import SecuritySettings
from screens.ssh_keys.of_person import AskKey, KeysOfPerson
from screens.ssh_keys.own import OwnKeys
from screens.verification.methods import VerifyCaller
from screens.workplace import Workplace
from services import person_key
from services.person_key import PersonKey
from tests.making import MadeAgency, make_agency, make_staff, verified
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.ssh_keys.keying import a_key, print_of
from tests.settling import shows, until, until_screen


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    return make_agency(place.desk)


@pytest.fixture
def ann(place: Workplace, made: MadeAgency) -> PersonKey:
    """A colleague, whose caller is known."""
    actor = make_staff(place.desk, made.agency, "ann@raystaging.example.com", role=Role.SUPERVISOR)
    with place.desk.ctx.read():
        key = person_key.staff(StaffMember.get(StaffMember.identity == actor.identity_id).id)
    verified(place.desk, made.admin, key)
    return key


async def test_a_key_is_bound_by_pasting_it_and_revoked_after_a_question(
    place: Workplace, made: MadeAgency, ann: PersonKey
) -> None:
    screen, line = KeysOfPerson(place, made.admin, ann), a_key("ann@laptop")
    app = Stage(place, screen)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await shows(pilot, "No SSH key opens the account of Ann Agent.", "b Bind a key")
        assert screen.check_action("revoke", ()) is False
        await pilot.press("b")
        for pasted, told in (("-----BEGIN OPENSSH PRIVATE KEY-----", "This is a private key"), (line, "")):
            dialog = await until_screen(pilot, AskKey)
            dialog.query_one("#line").value = ""
            dialog.query_one("#line").focus()
            await pilot.pause()
            app.post_message(Paste(pasted))
            await until(pilot, lambda dialog=dialog, pasted=pasted: dialog.query_one("#line").value == pasted)
            await pilot.press("enter")
            if told:
                await shows(pilot, told)
        await until_screen(pilot, Confirm)
        await shows(pilot, print_of(line))
        await pilot.press("y")
        await shows(pilot, "SSH keys of Ann Agent.", "ann@laptop", "never")
        assert app.told == ["The key is bound. Ann Agent gets a notice."]
        await pilot.press("enter")
        await until_screen(pilot, Details)
        await shows(pilot, print_of(line), "by Sue Wright")
        await pilot.press("escape")
        for answer, gone in (("n", False), ("y", True)):
            await until_screen(pilot, KeysOfPerson)
            await pilot.press("x")
            await until_screen(pilot, Confirm)
            await pilot.press(answer)
            await until(pilot, lambda gone=gone: bool(place.desk.ssh_keys.list(made.admin)[0].revoked_at) is gone)
        await shows(pilot, "revoked")
        assert screen.check_action("revoke", ()) is False


async def test_a_caller_whom_nobody_knows_is_verified_on_the_way(place: Workplace, made: MadeAgency) -> None:
    actor = make_staff(place.desk, made.agency, "bob@example.com", first="Bob")
    with place.desk.ctx.read():
        bob = person_key.staff(StaffMember.get(StaffMember.identity == actor.identity_id).id)
    app = Stage(place, KeysOfPerson(place, made.admin, bob))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await shows(pilot, "No SSH key opens the account")
        await pilot.press("b")
        dialog = await until_screen(pilot, AskKey)
        dialog.query_one("#line").value = a_key()
        await pilot.press("enter")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until_screen(pilot, VerifyCaller)
        await pilot.press("escape")
        await until_screen(pilot, KeysOfPerson)
        assert place.desk.ssh_keys.list(made.admin) == ()


async def test_ones_own_are_found_in_the_settings_and_revoked(place: Workplace, made: MadeAgency) -> None:
    with place.desk.ctx.read():
        sue = person_key.staff(StaffMember.get(StaffMember.identity == made.admin.identity_id).id)
    place.desk.ssh_keys.bind(made.admin, sue, a_key())
    with place.desk.ctx.unit():
        SshKey.update(comment=HOSTILE[:100], bound_by=HOSTILE[:100]).execute()
    app = Stage(place, SecuritySettings(place, made.admin))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await shows(pilot, "SSH keys", "1 bound, and a new password leaves it")
        await pilot.press("z")
        screen = await until_screen(pilot, OwnKeys)
        await until(pilot, lambda: screen.rows)
        await pilot.press("enter")
        await until_screen(pilot, Details)
        assert is_harmless(pilot)
        await pilot.press("escape")
        await until_screen(pilot, OwnKeys)
        await pilot.press("x")
        await until_screen(pilot, Confirm)
        assert is_harmless(pilot)
        await pilot.press("y")
        await shows(pilot, "No SSH key opens your account.")
        await pilot.press("escape")
        await until_screen(pilot, SecuritySettings)
        await shows(pilot, "none; an administrator binds them")
