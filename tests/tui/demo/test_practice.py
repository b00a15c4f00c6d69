"""The caller beside the desk: one key a question, one call after the other, and the class file."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Button

from services.desk import Desk
from services.errors import Refused
from services.practice.class_file import summary
from services.practice.values import Difficulty, Ending, Fact, Kind
from tests.services.practice.training import deliver, sandbox
from tests.settling import screen_text, shows, until, until_screen
from tui.demo.free_play import FREE
from tui.demo.practice_form import PracticeForm
from tui.demo.practice_key import Key
from tui.demo.practice_run import Order, PracticeRun
from tui.demo.practice_view import Phase, PracticeView


class SmallBox:
    """A sandbox of sixteen people."""

    def __init__(self, desk: Desk) -> None:
        self.desk, (_, self.admin) = sandbox(desk)
        self.replacing = threading.RLock()
        self.way_free = threading.Event()
        self.way_free.set()

    def deliver(self) -> int:
        """Let all mail have come, once the way is free."""
        self.way_free.wait(30)
        deliver(self.desk)
        return 0


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A sandbox is always SQLite."""
    return sqlite_url


@pytest.fixture
def box(desk: Desk) -> SmallBox:
    return SmallBox(desk)


@pytest.fixture
def begun(box: SmallBox) -> Callable[..., PracticeRun]:
    """A queue whose scene has been prepared."""

    def begin(**order: object) -> PracticeRun:
        run = PracticeRun(box, Order(**{"callers": 2, **order}), {})  # type: ignore[arg-type]  # fields of an order
        run.scene.prepare(box.desk)
        return run

    return begin


def test_each_call_is_in_the_class_file_at_its_end(begun: Callable[..., PracticeRun], tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    run = begun(trainee="Ada", class_file=file)
    run.begin()
    run.ask(Fact.BORN)
    assert set(run.end(Ending.TOLD).call.asked) == {Fact.BORN}
    assert summary(file).trainees[0].calls == 1
    run.ring()
    assert run.end(Ending.TOLD).call.asked == {}
    assert (summary(file).trainees[0].calls, run.finished, run.unwritten) == (2, True, "")
    assert run.told.startswith("Ada: ")


def test_a_class_file_that_became_unwritable_ends_no_call(begun: Callable[..., PracticeRun], tmp_path: Path) -> None:
    run = begun(class_file=tmp_path / "gone" / "class.csv")
    run.begin()
    run.end(Ending.TOLD)
    assert "No such file" in run.unwritten
    assert run.unwritten in run.told
    run.ring()


def test_a_queue_begins_again_with_the_same_first_caller(begun: Callable[..., PracticeRun]) -> None:
    run = begun()
    first = run.begin()
    run.end(Ending.TOLD)
    run.ring()
    assert (run.begin(), run.number, run.outcomes) == (first, 1, ())
    with pytest.raises(Refused, match="has ended"):
        run.end(Ending.TOLD)
        run.end(Ending.TOLD)


def test_a_mailed_code_has_come_when_it_is_asked_for(begun: Callable[..., PracticeRun], box: SmallBox) -> None:
    run = begun(callers=1, seed=11)
    case = run.begin()
    assert case.kind is Kind.FORGOTTEN
    box.desk.verification.send_code(box.admin, case.person)
    assert re.fullmatch(r"It says \d{3} \d{3}\.", run.ask(Fact.CODE))


class Theatre(App[None]):
    """The panel alone."""

    def __init__(self, box: SmallBox, order: Order) -> None:
        super().__init__()
        self._box, self._order = box, order
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield PracticeView()

    async def on_mount(self) -> None:
        """The first caller rings."""
        view = self.query_one(PracticeView)
        scene = view.take(self._box, self._order)
        scene.prepare(self._box.desk)
        view.begun(scene)
        view.focus()

    @on(PracticeView.Left)
    @on(PracticeView.MenuWanted)
    @on(PracticeView.Quit)
    def hear(self, event: PracticeView.Left | PracticeView.MenuWanted | PracticeView.Quit) -> None:
        """What the stage would do something about."""
        self.heard.append(type(event).__name__)

    @property
    def view(self) -> PracticeView:
        """The panel."""
        return self.query_one(PracticeView)


async def test_a_queue_is_worked_with_one_key_each(box: SmallBox) -> None:
    app = Theatre(box, Order(trainee="Ada [/x]", callers=2))
    async with app.run_test(size=(38, 38)) as pilot:
        await shows(pilot, "The telephone rings", "date of birth")
        await pilot.press("n")
        await shows(pilot, "Your name, please?")
        await pilot.press("b")
        await shows(pilot, "When were you born?")
        await pilot.press("x")
        await shows(pilot, "Esc not yet")
        await pilot.press("escape")
        await shows(pilot, "anything else")
        assert app.heard == []
        await pilot.press("x", "t")
        await shows(pilot, "Score", "next caller")
        # What ended a call does nothing any more.
        await pilot.press("t", "n", "x")
        assert app.view.phase is Phase.SCORED
        await pilot.press("enter")
        await shows(pilot, "Caller 2 of 2", "The telephone rings")
        assert "When were you born?" not in screen_text(pilot)
        await pilot.press("x", "r")
        await shows(pilot, "Enter whole queue")
        await pilot.press("enter")
        await shows(pilot, "Ada [/x]", "quit")
        await pilot.press("m", "q", "escape")
        await until(pilot, lambda: app.heard == ["MenuWanted", "Quit", "Left"], "all three")


async def test_one_question_at_a_time_and_no_answer_after_the_queue_is_over(box: SmallBox) -> None:
    app = Theatre(box, Order(callers=1))
    async with app.run_test(size=(38, 38)) as pilot:
        await shows(pilot, "date of birth")
        box.way_free.clear()
        await pilot.press("n", "b")
        box.way_free.set()
        await shows(pilot, "Your name, please?")
        await pilot.press("o")
        await shows(pilot, "Is there anything else?")
        assert "When were you born?" not in screen_text(pilot)
        box.way_free.clear()
        await pilot.press("a")
        app.view.begun(FREE)
        box.way_free.set()
        await pilot.app.workers.wait_for_complete()
        assert (app.view.is_on, "Your address?" in screen_text(pilot)) == (False, False)


async def test_the_mouse_asks_and_ends_too(box: SmallBox) -> None:
    app = Theatre(box, Order(callers=1))
    async with app.run_test(size=(80, 22)) as pilot:
        for wanted, then in (("b", "When were you born?"), ("x", "not yet"), ("r", "Score")):
            await until(pilot, lambda wanted=wanted: any(key.key == wanted for key in app.query(Key)), wanted)
            await pilot.click(next(key for key in app.query(Key) if key.key == wanted))
            await shows(pilot, then)
        await shows(pilot, "refused after")


async def test_the_form_takes_whole_numbers_and_gives_the_order() -> None:
    answers: list[Order | None] = []
    app: App[None] = App()
    async with app.run_test(size=(80, 30)) as pilot:
        app.push_screen(PracticeForm(Order("Ada", callers=99, seed=3)), answers.append)
        form = await until_screen(pilot, PracticeForm)
        await pilot.press("enter")
        await shows(pilot, "from 1 to 30")
        await pilot.press("end", "backspace", "backspace", "4", "tab", "right", "tab", "tab", *"/dev/null", "enter")
        await shows(pilot, "/dev/null is no ordinary file")
        await pilot.press(*["backspace"] * 9)
        form.query_one("#begin", Button).press()
        await until(pilot, lambda: answers, "the order")
        assert answers == [Order("Ada", callers=4, seed=3, difficulty=Difficulty.HARD)]
