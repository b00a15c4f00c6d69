"""A desk over SSH at which nobody signs in ends after a while; one at the machine itself waits for ever."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.app import App
from textual.pilot import Pilot

import tui.unsigned
from screens.desk import DeskMain
from screens.entry.link_or_code import LinkOrCode
from screens.entry.sign_in import SignIn
from screens.workplace import Workplace
from services.desk import Desk
from tests.making import HERE, PASSWORD, MadeAgency, make_agency
from tests.settling import shows, until, until_screen
from tests.surfaces.term import Term
from tests.talking import Typist
from tui.app import DeskApp
from tui.plain.dialogue import Dialogue
from tui.plain.lines import Idle
from tui.plain.run import hold_talk
from tui.plain.sitting import Sitting
from tui.ssh.arriving import Line
from tui.unsigned import UnsignedWatch
from tui.unsigned_words import PATIENCE

SHORT = timedelta(seconds=0.05)
CLOSED = "Nobody signed in for 10 minutes, so this desk has closed."


class OverSsh(DeskApp):
    """The desk, with what it says at its end."""

    said: object = None

    def exit(self, result: None = None, return_code: int = 0, message: Any = None) -> None:
        self.said = message
        super().exit(result, return_code, message)


class Clock:
    """The machine's clock, moved by hand; counts how often somebody looks."""

    def __init__(self) -> None:
        self.now = 0.0
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.now

    async def looked_at(self, pilot: Pilot[Any]) -> None:
        """Wait until a timer has looked again."""
        before = self.looks
        await until(pilot, lambda: self.looks > before + 2)


@pytest.fixture
def clock_of_watch(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(tui.unsigned, "monotonic", clock)
    return clock


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the engine."""
    return sqlite_url


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency; its administrator is signed in nowhere."""
    made = make_agency(desk)
    desk.sign_in.sign_out(made.admin)
    return made


@pytest.fixture
def place(desk: Desk, ray: MadeAgency) -> Iterator[Workplace]:
    workplace = Workplace(desk, HERE)
    yield workplace
    workplace.close()


async def test_a_key_on_any_screen_before_sign_in_keeps_it_open_and_nothing_ends_it(
    place: Workplace, clock_of_watch: Clock
) -> None:
    app = OverSsh(place, patience=SHORT)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_screen(pilot, SignIn)
        await pilot.press("f4")
        await until_screen(pilot, LinkOrCode)
        for _ in range(3):
            clock_of_watch.now += 0.04
            await pilot.press("a")
            await clock_of_watch.looked_at(pilot)
            assert app.said is None
        clock_of_watch.now += 1
        await until(pilot, lambda: not app.is_running or app.said is not None)
    assert "this desk has closed" in str(app.said)
    assert app.return_code == 0


def test_a_timer_that_rang_just_before_somebody_signed_in_waits_for_nobody_again(clock_of_watch: Clock) -> None:
    class Bench:
        """Keeps what a timer would call."""

        def __init__(self) -> None:
            self.calls: list[Callable[[], None]] = []

        def set_timer(self, delay: float, call: Callable[[], None]) -> SimpleNamespace:
            self.calls.append(call)
            return SimpleNamespace(stop=lambda: None)

        def exit(self, message: object) -> None:
            raise AssertionError(message)

    bench = Bench()
    watch = UnsignedWatch(cast("App[None]", bench), SHORT)
    watch.begin()
    watch.end()
    for seconds in (0, 3600):
        clock_of_watch.now += seconds
        bench.calls[0]()
    assert len(bench.calls) == 1


async def test_whoever_is_signed_in_stays_and_the_form_after_them_does_not(
    place: Workplace, clock_of_watch: Clock
) -> None:
    app = OverSsh(place, patience=SHORT)
    async with app.run_test(size=(80, 24)) as pilot:
        form = await until_screen(pilot, SignIn)
        form.company_code.value, form.user_name.value = "RAY-919", "sue@raystaging.example.com"
        form.password.value = PASSWORD.reveal()
        await pilot.press("f2")
        main = await until_screen(pilot, DeskMain)
        await until(pilot, lambda: main.clients.table.count is not None)
        clock_of_watch.now += 3600
        await pilot.press("q")
        await shows(pilot, "Sign out?")
        looked = clock_of_watch.looks
        # Twice as long as the form would wait.
        await pilot.pause(2 * SHORT.total_seconds())
        assert (app.said, clock_of_watch.looks) == (None, looked)
        await pilot.press("y")
        await clock_of_watch.looked_at(pilot)
        clock_of_watch.now += 1
        await until(pilot, lambda: app.said is not None)


def test_line_by_line_it_ends_before_sign_in_only_over_ssh(desk: Desk, ray: MadeAgency) -> None:
    heard: list[str] = []
    waited: list[float | None] = []

    class Patient(Typist):
        def next(self, patience: float | None = None) -> str:
            waited.append(patience)
            return super().next(patience)

    here = Sitting(desk, Dialogue(Patient(["1", "q"]), heard.append), HERE)
    hold_talk(here)
    assert waited == [None, None]
    there = Line(here.memory, patience=PATIENCE)
    hold_talk(Sitting(desk, Dialogue(Patient(["1", Idle, "q"]), heard.append), HERE, there))
    assert waited[2:] == [600, 600]
    assert "".join(heard).replace("\n", " ").count(CLOSED) == 1


_SHORT = """
from datetime import timedelta
import tui.commands.desk, tui.ssh.arriving, tui.unsigned, tui.unsigned_words
tui.ssh.arriving.PATIENCE = timedelta(seconds=2)
tui.unsigned.why_closed = lambda _: tui.unsigned_words.why_closed(tui.unsigned_words.PATIENCE)
from tui.cli import main
raise SystemExit(main())
"""


@pytest.mark.slow
@pytest.mark.surface
def test_the_terminal_shows_why_and_nothing_was_drawn_meanwhile(tmp_path: Path) -> None:
    settings = {"TRAKDESK_HOME": str(tmp_path), "SSH_CONNECTION": "198.51.100.4 5 203.0.113.7 22"}
    with Term([sys.executable, "-c", _SHORT], 80, 24, env=settings) as term:
        term.expect("This desk is new", 20).settle(0.5, 2)
        drawn = term.received
        term.settle(0.5, 0.5)
        assert term.received == drawn
        term.gone(20)
        assert CLOSED in term.text.replace("\n", " ")
        assert term.process.exitstatus == 0
