"""Home, keys, kiosks, services and database of a machine as the doctor finds them."""

from __future__ import annotations

import os
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from services import audit, person_key
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.doctor import database, examination, house, units
from services.doctor.finding import Finding, State
from services.doctor.patience import NoAnswer, within
from services.keys import Keys
from services.kiosks import key_file
from services.settings import Settings
from tests import making
from tests.services.auditing.conftest import AT_THE_MACHINE

UNITS = """\
trakdesk-deliver.service loaded active   running Sends the mail
trakdesk-portal.service  loaded failed   failed  The portal
trakdesk-kiosk@tty1.service loaded inactive dead A kiosk
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


def test_a_home_that_is_closed_to_others_is_well(home: Path) -> None:
    assert house.home(home).state is State.WELL
    home.chmod(0o750)
    assert (house.home(home).state, house.home(home).remedy) == (State.BAD, f"Run: chmod 700 {home}")
    assert house.home(home / "none").state is State.BAD


def test_a_disk_that_is_nearly_full_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(100_000_000))
    found = house.home(home)
    assert (found.state, found.words) == (State.BAD, "only 100 MB are free")


def test_a_key_file_that_others_can_read_is_told(home: Path) -> None:
    Keys.create(home / "keys")
    keys, found = house.key_ring(home / "keys")
    assert (keys is not None, found.state) == (True, State.WELL)
    (home / "keys").chmod(0o644)
    keys, found = house.key_ring(home / "keys")
    assert (keys, found.state, "chmod 600" in found.remedy) == (None, State.BAD, True)


def test_the_kiosks_of_this_machine_are_looked_at(home: Path) -> None:
    assert [finding.state for finding in house.kiosks(home)] == [State.UNUSED]
    for name in ("Lobby", "Hall"):
        key_file.keep(home, name, Secret("k" * 43))
    key_file.path_of(home, "Hall").chmod(0o640)
    found = list(house.kiosks(home))
    assert [finding.state for finding in found] == [State.BAD, State.WELL]
    assert "chmod 600" in found[0].remedy
    assert not any("kkk" in finding.words for finding in found)


def test_a_service_that_failed_is_named() -> None:
    found = list(units.judge(UNITS))
    assert [(finding.state, finding.words) for finding in found] == [
        (State.BAD, "trakdesk-portal.service has failed"),
        (State.WELL, "trakdesk-deliver.service runs"),
    ]
    assert found[0].remedy == "See why: journalctl -u trakdesk-portal.service"
    assert list(units.judge("")) == []


def test_a_service_that_starts_with_the_machine_and_was_stopped_is_named() -> None:
    stopped = UNITS.replace("loaded active   running", "loaded inactive dead")
    found = list(units.judge(stopped, "trakdesk-deliver.service enabled enabled\ntrakdesk-ssh.service enabled\n"))
    assert [(finding.state, finding.words) for finding in found] == [
        (State.BAD, "trakdesk-deliver.service does not run, though it starts with the machine"),
        (State.BAD, "trakdesk-portal.service has failed"),
    ]
    assert found[0].remedy == "Start it: systemctl start trakdesk-deliver.service"


ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


def give(owner: int, *paths: Path) -> None:
    for path in paths:
        os.chown(path, owner, owner)


@ONLY_ROOT
def test_root_looks_at_the_keys_of_a_home_that_is_another_s_and_never_takes_them_away(desk: Desk) -> None:
    """It once said `chown 0`, after which nobody came in."""
    settings = desk.ctx.settings
    give(12345, settings.home, *settings.home.iterdir())
    found = {finding.part: finding for finding in examination.examine(settings, lambda: True)}
    assert [found[part].state for part in ("keys", "keys in use", "audit")] == [State.WELL] * 3
    assert {path.stat().st_uid for path in settings.home.iterdir()} == {12345}


@ONLY_ROOT
@pytest.mark.parametrize(("owner", "name", "read"), [(0, "root", True), (54321, "54321", False)])
def test_keys_that_are_not_of_the_owner_of_the_home_are_given_back(
    home: Path, owner: int, name: str, read: bool
) -> None:
    Keys.create(home / "keys")
    give(12345, home)
    give(owner, home / "keys")
    keys, found = house.key_ring(home / "keys")
    assert (keys is not None, found.state) == (read, State.BAD)
    assert found.words == f"{home / 'keys'} belongs to {name}, and {home} to 12345"
    assert found.remedy == f"Run: chown 12345 {home / 'keys'}"


@ONLY_ROOT
def test_the_key_of_a_kiosk_belongs_to_the_owner_of_the_home_too(home: Path) -> None:
    key_file.keep(home, "Lobby", Secret("k" * 43))
    path = key_file.path_of(home, "Lobby")
    give(12345, home, path)
    assert [finding.state for finding in house.kiosks(home)] == [State.WELL]
    give(0, path)
    assert [finding.remedy for finding in house.kiosks(home)] == [f"Run: chown 12345 {path}"]


def of_database(settings: Settings) -> dict[str, Finding]:
    keys = Keys.load(settings.keys_path)
    return {finding.part: finding for finding in database.examine(settings, keys, lambda: True)}


def test_a_database_that_is_whole_is_well(desk: Desk) -> None:
    making.make_agency(desk)
    found = of_database(desk.ctx.settings)
    assert not [finding for part, finding in found.items() if part != "clock" and not finding.well]
    assert set(found) >= {"database", "tables", "agency", "outbox", "keys in use", "audit", "clock", "time server"}


def test_a_desk_without_an_agency_is_told(ctx: Context) -> None:
    assert of_database(ctx.settings)["agency"].state is State.BAD


@pytest.mark.parametrize(("number", "words"), [(1, "1 mail waits too long"), (2, "2 mails wait too long")])
def test_mail_that_waits_too_long_is_told(desk: Desk, number: int, words: str) -> None:
    desk = Desk(making.with_mail_server(desk.ctx))
    ray = making.make_agency(desk)
    for one in range(number):
        client = making.make_client(desk, ray.agency, f"c{one}@example.com")
        desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
    found = of_database(desk.ctx.settings)["outbox"]
    assert (found.state, found.words) == (State.BAD, words)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 entry; the newest 1 is whole"), (2, "2 entries; the newest 2 are whole")],
)
def test_the_entries_of_the_audit_are_counted(desk: Desk, number: int, words: str) -> None:
    for _ in range(number):
        with desk.ctx.unit():
            audit.record(desk.ctx, AT_THE_MACHINE, audit.Action.KEYS_RETIRED)
    assert of_database(desk.ctx.settings)["audit"].words == words


@pytest.mark.slow
def test_a_database_server_that_says_nothing_is_given_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server's library knows no shorter wait than two seconds.
    monkeypatch.setattr(database, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Settings(home, f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/desk")
        [found] = database.examine(settings, None, lambda: True)
    assert (found.state, "does not answer" in found.words) == (State.BAD, True)


def test_what_hangs_is_left_behind_and_what_fails_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as never, pytest.raises(NoAnswer):
        within(0.05, never.accept)
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
