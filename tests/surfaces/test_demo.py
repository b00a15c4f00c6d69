"""The training mode in a real terminal: the stage, the mailbox, the clock, and what is left when it is killed."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services.sandbox.people import AGENT, COMPANY_CODE, PASSWORD
from services.sandbox.sandbox import BEGINNING
from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.term import Term
from tests.surfaces.training import demo, environment

pytestmark = pytest.mark.slow

STARTED = 60
"""Seconds on a machine that is busy with others."""

CHRIS = "chris.webber@example.ca"


def menu(stage: Term, key: str) -> None:
    """Press a key of the trainer's menu."""
    stage.key("ctrl+t")
    stage.expect("Esc goes back to the stage.", 15)
    stage.key(key)
    stage.absent("Trainer's menu", 15)


def create_account(stage: Term) -> None:
    """What the first scene begins with, by hand."""
    stage.settle(0.3)
    stage.key("/")
    stage.type("chris web")
    stage.expect("Chris Webber", 15)
    stage.settle(0.3)
    stage.keys("enter")
    stage.settle(0.3)
    stage.key("i")
    stage.expect("Step 1 of 3", 15)
    stage.key("f2")
    stage.expect("Step 2 of 3", 15)
    stage.key("f2")
    stage.expect("Step 3 of 3", 15)
    stage.key("f2")
    stage.expect("Are you sure?", 15)
    stage.key("y")
    stage.expect("is created", 15)
    stage.expect("sent", 15)
    stage.key("enter")


def folders(home: Path) -> list[str]:
    """The sandboxes that are there."""
    return [path.name for path in home.glob(f"{BEGINNING}*")]


def of_stage(stage: Term) -> list[psutil.Process]:
    """All processes that a stage has started."""
    return psutil.Process(stage.process.pid).children(recursive=True)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Term]:
    """The first scene, opened."""
    with demo(tmp_path, "first login", size=(100, 30)) as term:
        term.expect("Clients 1,204", STARTED)
        yield term


def test_a_mail_comes_its_link_opens_the_wizard_and_a_jump_of_the_clock_ends_it(stage: Term) -> None:
    create_account(stage)
    stage.expect("1 new mail", 15)
    menu(stage, "m")
    stage.expect(f"● {CHRIS}", 15)
    stage.key("enter")
    stage.expect("Activate my account:", 15)
    stage.key("enter")
    stage.expect("https://portal.raystaging.example/#activate=", 15)
    stage.expect("Activate your account", 15)
    menu(stage, "c")
    stage.expect("How much later?", 15)
    stage.key("t")
    stage.expect("(+3 d)", 15)
    menu(stage, "m")
    stage.expect("Enter", 15)
    stage.key("enter")
    stage.expect("Activate my account:", 15)
    stage.key("enter")
    stage.expect("Send me a fresh one", 15)
    menu(stage, "d")
    # Nobody was signed out by three days.
    stage.expect("Sue Wright", 15)


def test_what_is_counted_down_follows_the_clock_within_a_second(stage: Term) -> None:
    stage.settle(0.3)
    for _ in range(2):
        stage.key("r")
        stage.expect("Send Abigail Batista a reset?", 15)
        stage.settle(0.3)
        if not stage.has("may go in"):
            stage.key("enter")
            stage.expect("1 new mail", 15)
    stage.expect("may go in 4:5", 15)
    menu(stage, "c")
    stage.expect("How much later?", 15)
    stage.key("5")
    stage.expect("(+5 min)", 15)
    stage.absent("may go in", 1.5)
    stage.key("enter")
    stage.expect("2 new mails", 15)


def test_clicks_and_pastes_reach_the_program(stage: Term) -> None:
    stage.settle(0.3)
    stage.click("Office staff")
    stage.expect("Frank Jones", 15)
    stage.settle(0.3)
    stage.key("/")
    stage.settle(0.2)
    stage.paste("pamela")
    stage.expect("Pamela Curtis", 15)
    stage.absent("Frank Jones", 15)


def test_a_reset_brings_back_people_clock_and_desk(stage: Term) -> None:
    create_account(stage)
    stage.expect("not activated", 15)
    menu(stage, "c")
    stage.expect("How much later?", 15)
    stage.keys("h")
    stage.expect("(+1 h)", 15)
    menu(stage, "r")
    stage.absent("(+1 h)", 15)
    stage.expect("Clients 1,204", 15)
    stage.expect("Abigail Batista", 15)
    stage.settle(0.3)
    stage.key("/")
    stage.type("chris web")
    stage.expect("no account", 15)


def test_one_reset_after_the_other_and_a_menu_in_the_middle_of_one_break_nothing(stage: Term) -> None:
    for _ in range(4):
        stage.settle(0.3, 2)
        stage.key("ctrl+t").expect("Trainer's menu", 15)
        stage.send("r")
        stage.absent("Trainer's menu", 15).expect("Clients 1,204", 15).settle(0.2, 2)
        assert not stage.has("fault")
    for moment in range(4):
        stage.key("ctrl+t").expect("Trainer's menu", 15)
        stage.send("r")
        stage.absent("Trainer's menu", 15).settle(0.03 * moment, 0.03 * moment)
        # The same key closes it.
        stage.send("\x14")
        stage.expect("Trainer's menu", 15).key("ctrl+t").absent("Trainer's menu", 15)
        stage.expect("Clients 1,204", 15).settle(0.3)
        assert not stage.has("fault")


def test_a_link_that_is_clicked_again_opens_again_and_nothing_is_called_a_fault(stage: Term) -> None:
    for by_mouse in (True, False, False):
        menu(stage, "m")
        stage.expect("Enter", 15).key("enter").expect("clicks the link", 15)
        stage.click("activate=") if by_mouse else stage.key("enter")
        stage.expect("/#", 15).expect("Esc To the sign-in", 20).settle(0.3)
        assert not stage.has("fault")


def test_a_kiosk_goes_on_with_the_next_person_and_a_desk_that_was_left_opens_again(stage: Term) -> None:
    menu(stage, "k")
    stage.expect("What can we do for you?", 20)
    stage.settle(0.3)
    stage.key("enter")
    stage.expect("e-mail", 15)
    stage.settle(0.3)
    stage.key("esc")
    stage.expect("What can we do for you?", 20)
    menu(stage, "d")
    stage.expect("Clients 1,204", 15)
    stage.settle(0.3)
    stage.key("ctrl+q")
    stage.expect("The desk was closed.", 15)
    stage.key("enter")
    stage.expect("Clients 1,204", 20)
    assert stage.has("Sue Wright")


def test_a_program_that_was_killed_is_said_and_starts_again(stage: Term) -> None:
    [backstage] = psutil.Process(stage.process.pid).children()
    [desk] = backstage.children()
    desk.kill()
    stage.expect("has ended with a fault", 15)
    stage.key("enter")
    stage.absent("has ended with a fault", 15)
    stage.expect("Clients 1,204", 20)
    # The one who sat there still does: she is not signed in twice.
    stage.settle(0.3)
    stage.key("f9").expect("desk 3", 15).settle(0.3)
    assert stage.text.count("desk 3") == 1


def test_in_free_play_the_notes_have_all_that_it_takes_to_sign_in(tmp_path: Path) -> None:
    with demo(tmp_path, size=(80, 24)) as stage:
        stage.expect("Trainer's menu", STARTED)
        stage.key("f").expect("Clients 1,204", 30).settle(0.3)
        menu(stage, "t")
        stage.expect("Begin a scene first.", 10).absent("Begin a scene first.", 20)
        stage.key("q").expect("Sign out", 10).key("y").expect("Sign in with your account", 15).settle(0.3)
        menu(stage, "n")
        stage.expect("Frank's app: ", 15)
        words = [line.strip() for line in stage.text.splitlines()]
        code, _, password = (word for word in words if word in (COMPANY_CODE, AGENT, PASSWORD))
        stage.key("esc").expect("Sign in with your account", 15).settle(0.3)
        stage.key("ctrl+u").type(code).key("tab").key("ctrl+u").type(AGENT).key("tab").type(password)
        stage.key("enter").expect("the code of your app", 15).settle(0.3)
        menu(stage, "n")
        stage.expect("Frank's app: ", 15).settle(1.2, 2)
        [app] = re.findall(r"Frank's app: (\d{6})", stage.text)
        stage.key("esc").expect("the code of your app", 15).settle(0.3)
        stage.type(app).key("enter").expect("Frank Jones", 15).expect("Clients 1,204", 15)


def test_whatever_kills_the_stage_no_process_and_no_folder_is_left(stage: Term, tmp_path: Path) -> None:
    menu(stage, "b")
    stage.expect("Sign in with your account", 20)
    others = of_stage(stage)
    assert len(others) == 3
    stage.process.kill(signal.SIGKILL)
    _, alive = psutil.wait_procs(others, timeout=10)
    assert not alive
    until = time.monotonic() + 10
    while folders(tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert folders(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_stage_that_is_asked_to_end_takes_everything_with_it(
    stage: Term, tmp_path: Path, number: signal.Signals
) -> None:
    others = of_stage(stage)
    stage.process.kill(number)
    stage.gone(15)
    _, alive = psutil.wait_procs(others, timeout=10)
    assert not alive
    assert folders(tmp_path) == []


def test_leaving_by_the_menu_leaves_nothing(stage: Term, tmp_path: Path) -> None:
    assert len(folders(tmp_path)) == 1
    stage.key("ctrl+t")
    stage.expect("Trainer's menu", 15)
    stage.key("q")
    stage.gone(15)
    assert stage.process.exitstatus == 0
    assert folders(tmp_path) == []


def test_two_trainers_on_one_machine_do_not_meet(tmp_path: Path) -> None:
    with demo(tmp_path, "first login", size=(80, 24)) as one, demo(tmp_path, "first login", size=(80, 24)) as two:
        one.expect("Clients 1,204", STARTED)
        two.expect("Clients 1,204", STARTED)
        assert len(folders(tmp_path)) == 2
        create_account(one)
        one.expect("1 new mail", 15)
        two.settle(0.5)
        assert not two.has("new mail")
        menu(one, "c")
        one.expect("How much later?", 15)
        one.keys("d")
        one.expect("(+1 d)", 15)
        two.settle(0.5)
        assert not two.has("(+1 d)")


def test_a_real_database_in_the_environment_is_neither_read_nor_written(tmp_path: Path) -> None:
    real, home = tmp_path / "real.sqlite3", tmp_path / "real-home"
    with sqlite3.connect(real) as database:
        database.execute("CREATE TABLE precious (words TEXT)")
    database.close()
    before, since = hashlib.sha256(real.read_bytes()).hexdigest(), real.stat()
    told = {
        "TRAKDESK_DATABASE_URL": f"sqlite:///{real}",
        "TRAKDESK_HOME": str(home),
        "TRAKDESK_MAIL_HOST": "127.0.0.1",
        "TRAKDESK_MAIL_PORT": "9",
        "TRAKDESK_PUBLIC_URL": "https://real.example",
    }
    with Term([TRAKDESK, "demo", "first login"], 80, 24, env=environment(tmp_path) | told) as stage:
        stage.expect("Clients 1,204", STARTED)
        create_account(stage)
        stage.expect("1 new mail", 15)
        opened = {file.path for process in (psutil.Process(stage.process.pid),) for file in process.open_files()}
        assert str(real) not in opened
        stage.key("f7")
        stage.expect("Locked out", 15)
        stage.keys("enter")
        stage.expect("What holds them up", 15)
        stage.settle(0.3)
        stage.key("x")
        stage.expect("Write it", 15)
        stage.key("ctrl+u")
        stage.type("somewhere.csv")
        stage.keys("enter")
        stage.expect("somewhere.csv", 15)
        stage.settle(0.3)
        [sandbox] = tmp_path.glob(f"{BEGINNING}*")
        assert (sandbox / "somewhere.csv").exists()
        assert not Path("somewhere.csv").exists()
    assert hashlib.sha256(real.read_bytes()).hexdigest() == before
    assert real.stat().st_mtime_ns == since.st_mtime_ns
    assert not home.exists()


def test_a_small_terminal_has_it_all(tmp_path: Path) -> None:
    with demo(tmp_path, size=(80, 24)) as stage:
        stage.expect("Trainer's menu", STARTED)
        stage.key("1")
        stage.expect("Clients 1,204", 30)
        assert stage.has("TRAINING SANDBOX - nothing here is real")
        menu(stage, "n")
        stage.expect("Sue creates the account", 15)
        stage.key("right")
        stage.expect("first login 2/5", 15)
        stage.key("esc")
        stage.expect("Clients 1,204", 15)


def test_a_recording_by_hand_changes_its_size_with_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "by-hand.cast"
    with demo(tmp_path, "first login", "--record", str(path), size=(80, 24)) as stage:
        stage.expect("Clients 1,204", STARTED)
        stage.resize(100, 30).key("ctrl+t").expect("Trainer's menu", 15).key("q").gone(15)
    sizes = [json.loads(line)[2] for line in path.read_text("utf-8").splitlines()[1:] if json.loads(line)[1] == "r"]
    assert sizes == ["100x30"]


def test_a_window_that_is_too_small_says_how_to_leave_and_that_is_true(stage: Term) -> None:
    stage.resize(50, 12).expect("at least 60 x 20", 15).expect("ctrl+t, then q, leaves.", 15)
    stage.key("ctrl+t").expect("Trainer's menu", 15).key("q").gone(15)
    assert stage.process.exitstatus == 0


def test_an_unknown_scene_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with demo(tmp_path, "nothing of the kind") as stage:
        stage.gone(20)
        assert stage.process.exitstatus == 2
        assert "first login" in stage.text
    assert folders(tmp_path) == []
