"""One whole sandbox: who is in it, how scenes begin and begin anew, and that nothing else is touched."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.client import Client
from models.identity import Session
from models.states import Access
from services.actor import Actor
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import SignedOut
from services.kiosks import key_file
from services.sandbox import people
from services.sandbox.population import KIOSK, give_account
from services.sandbox.sandbox import BEGINNING, Sandbox, _hold, context_in, remove, sweep

CHRIS = "chris.webber@example.ca"


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Path, str]]:
    """One for all tests here, made while the environment names another database and another home."""
    folder = tmp_path_factory.mktemp("sandbox")
    foreign = folder / "real.sqlite3"
    foreign.write_bytes(b"not for training" * 512)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAKDESK_DATABASE_URL", f"sqlite:///{foreign}")
        patch.setenv("TRAKDESK_HOME", str(folder / "real"))
        patch.setenv("TRAKDESK_MAIL_HOST", "mail.example")
        box = Sandbox(folder)
        try:
            box.build()
            yield box, foreign, hashlib.sha256(foreign.read_bytes()).hexdigest()
        finally:
            box.close()
    assert not list(folder.glob(f"{BEGINNING}*"))


@pytest.fixture
def box(_built: tuple[Sandbox, Path, str]) -> Sandbox:
    """The sandbox at the beginning of a scene of its own."""
    made, _, _ = _built
    made.begin("test", lambda _: None)
    return made


def signed_in(box: Sandbox) -> Actor:
    """Sue, at the beginning of a scene."""
    actor = box.begin("Sue", lambda _: None, people.SUPERVISOR).actor
    assert actor is not None
    return actor


def accounts(desk: Desk) -> set[Access]:
    with desk.ctx.read():
        return {row.access for row in Client.select(Client.access)}


def test_the_people_of_the_lists_are_there_in_all_states(box: Sandbox) -> None:
    assert box.desk.clients.count(people.acting(box.desk)) == 1204
    assert accounts(box.desk) == set(Access)


def test_nothing_that_the_environment_names_is_touched(_built: tuple[Sandbox, Path, str]) -> None:
    box, foreign, before = _built
    assert hashlib.sha256(foreign.read_bytes()).hexdigest() == before
    assert not (foreign.parent / "real").exists()
    assert box.desk.ctx.settings.mail.host.endswith(".invalid.")
    assert box.home.stat().st_mode & 0o777 == 0o700


def test_a_scene_begins_with_somebody_signed_in_with_everything_that_the_desk_asks_for(box: Sandbox) -> None:
    actor = signed_in(box)
    assert not actor.limited
    assert actor.awaits is None
    assert box.desk.clients.count(actor) == 1204


def test_the_same_scene_again_is_as_it_was(box: Sandbox) -> None:
    first = box.begin("reset", lambda desk: give_account(desk, CHRIS), people.SUPERVISOR)
    moment = box.clock.now()
    box.jump(timedelta(days=3))
    box.desk.accounts.deactivate(people.acting(box.desk), people.person(box.desk, CHRIS), "a mistake")
    again = box.begin("reset", lambda _: pytest.fail("it is prepared once"), people.SUPERVISOR)
    assert again == first
    assert abs(box.clock.now() - moment) < timedelta(seconds=10)
    with box.desk.ctx.read():
        assert Client.get(Client.email == CHRIS).access == Access.PENDING
    assert again.actor is not None
    assert box.desk.own_sessions.look(again.actor).idle


def test_one_scene_knows_nothing_of_another(box: Sandbox) -> None:
    box.begin("one", lambda desk: give_account(desk, CHRIS))
    box.begin("two", lambda _: None)
    with box.desk.ctx.read():
        assert Client.get(Client.email == CHRIS).access == Access.NO_ACCOUNT


def test_a_jump_signs_nobody_out(box: Sandbox) -> None:
    actor = signed_in(box)
    box.jump(timedelta(days=3))
    assert box.desk.own_sessions.look(actor).idle
    with box.desk.ctx.read():
        assert box.clock.now() - Session.get_by_id(actor.session_id).last_seen_at < timedelta(seconds=10)


def test_a_jump_leaves_whoever_is_in_the_browser_there(box: Sandbox) -> None:
    actor = people.sign_in(box.desk, people.AGENT, people.AT_HOME)
    ticket = box.desk.returns.make(actor)
    box.jump(timedelta(days=1))
    assert box.desk.returns.come_back(ticket, people.AT_HOME).session_id == actor.session_id


def test_a_jump_does_not_bring_back_whoever_had_signed_out(box: Sandbox) -> None:
    actor = signed_in(box)
    box.desk.sign_in.sign_out(actor)
    box.jump(timedelta(hours=1))
    with pytest.raises(SignedOut):
        box.desk.own_sessions.look(actor)


def test_what_was_mailed_ends_with_a_jump(box: Sandbox) -> None:
    box.begin("mailed", lambda desk: give_account(desk, CHRIS))
    link = people.mailed_link(box.desk, CHRIS)
    assert box.desk.recovery.open(link, "", people.AT_HOME).why_not == ""
    box.jump(timedelta(days=3, minutes=1))
    assert box.desk.recovery.open(link, "", people.AT_HOME).why_not != ""


def test_somebody_signs_in_twice_within_one_code_of_the_app(box: Sandbox) -> None:
    first = people.sign_in(box.desk, people.AGENT)
    second = people.sign_in(box.desk, people.AGENT)
    assert first.session_id != second.session_id


def test_a_desk_that_is_opened_again_has_its_person_at_it_once(box: Sandbox) -> None:
    actor = signed_in(box)
    assert box.sit_again(people.SUPERVISOR, actor) == actor
    for leave in (box.desk.sign_in.sign_out, lambda before: box.desk.own_sessions.lock(before, idle=False)):
        before = actor
        leave(before)
        box.jump(timedelta(minutes=1))
        actor = box.sit_again(people.SUPERVISOR, before)
        assert actor != before
        assert not box.desk.own_sessions.look(actor).others


def test_everybody_who_works_there_has_the_same_password(box: Sandbox) -> None:
    for email in (people.SUPERVISOR, people.AGENT, people.ADMINISTRATOR):
        assert box.desk.sign_in.sign_in(people.COMPANY_CODE, email, Secret(people.PASSWORD), people.AT_DESK)


def test_the_kiosk_has_its_key(box: Sandbox) -> None:
    secret = key_file.load(box.home, KIOSK)
    assert secret is not None
    assert box.desk.kiosks.open(secret).name == KIOSK


def test_writing_shows_that_something_has_changed(box: Sandbox) -> None:
    before = box.changed()
    give_account(box.desk, CHRIS)
    assert box.changed() != before


def test_a_folder_that_nobody_holds_is_swept_away_and_one_that_is_held_stays(tmp_path: Path) -> None:
    mine = tmp_path / f"{BEGINNING}mine"
    code = f"""
from pathlib import Path
from services.sandbox.sandbox import _hold
mine = Path({str(mine)!r}); mine.mkdir(); _hold(mine)
print("held", flush=True)
input()
"""
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    (tmp_path / "somebody-else").mkdir()
    sweep(tmp_path)
    assert mine.exists()
    other.kill()
    other.wait()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["somebody-else"]


def test_a_folder_is_held_before_it_can_be_taken_for_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another trainer begins just while this one's lock is being taken."""
    mine, take = tmp_path / f"{BEGINNING}mine", fcntl.flock
    mine.mkdir()

    def swept_meanwhile(handle: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", take)
        sweep(tmp_path)
        take(handle, how)

    monkeypatch.setattr(fcntl, "flock", swept_meanwhile)
    os.close(_hold(mine))
    assert (mine / "lock").exists()


def test_what_was_killed_before_it_was_held_is_swept_away_after_a_while(tmp_path: Path) -> None:
    left, fresh = tmp_path / f"{BEGINNING}left", tmp_path / f"{BEGINNING}fresh"
    left.mkdir()
    fresh.mkdir()
    os.utime(left, (0, 0))
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [fresh]


def test_a_sandbox_that_cannot_be_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.sandbox.sandbox.MailSettings", lambda **_: Path("/nowhere/").read_text())
    with pytest.raises(OSError):
        Sandbox(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_home_of_a_real_desk_is_never_opened_as_a_sandbox(ctx: Context) -> None:
    with pytest.raises(ValueError, match="no sandbox"):
        context_in(ctx.settings.home)
    assert not (ctx.settings.home / "clock").exists()


def test_only_the_folder_of_a_sandbox_is_ever_removed(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    remove(tmp_path / "home")
    assert (tmp_path / "home").exists()
