"""The training mode: the conductor with the trainer's menu, autoplay, and practice."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content

from services.sandbox.sandbox import Sandbox
from tui import exits
from tui.demo.autoplay import Autoplay, State
from tui.demo.conductor import StageApp
from tui.demo.frame import MENU_KEY
from tui.demo.free_play import FREE
from tui.demo.menu import CLOCK_LINES, JUMPS, AskSpan, KeyMenu, practice_menu, trainers_menu
from tui.demo.notes_view import NotesView
from tui.demo.practice_form import PracticeForm
from tui.demo.practice_run import Order
from tui.demo.practice_view import PracticeView
from tui.demo.scene import Place, Scene
from tui.demo.scenes import scenes
from tui.demo.terminal_view import TerminalView

_PLACES = {"d": Place.DESK, "b": Place.PERSON, "k": Place.KIOSK}

_AUTOPLAY = {
    State.PLAYING: "pause the autoplay",
    State.PAUSED: "let autoplay go on",
    State.BY_HAND: "give it back to autoplay",
}
"""What its key does next; in any other state it begins."""

_SAID = {
    State.PAUSED: "autoplay is paused: ctrl+t a goes on",
    State.BY_HAND: "the stage is yours: ctrl+t a gives it back",
}


class DemoApp(StageApp, inherit_bindings=False):
    """What the trainer does with the stage."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "menu", "Menu", show=False, priority=True, id="demo.menu", tooltip="The trainer's menu"),
    ]

    def __init__(
        self,
        box: Sandbox,
        scene: Scene | None = None,
        *,
        autoplay: bool = False,
        speed: float = 1.0,
        theme: str = "",
        order: Order | None = None,
    ) -> None:
        """Make the stage.

        Args:
            box: not built yet.
            scene: to begin with; None for the menu.
            autoplay: whether it plays itself, and the program ends with it.
            speed: of autoplay, how many times faster than a person.
            order: a queue of callers to begin with instead.
        """
        super().__init__(box, theme)
        self.player: Autoplay | None = None
        self._first = scene
        self._plays = autoplay
        self._speed = speed
        self._playing: asyncio.Task[bool] | None = None
        self._order: Order | None = order
        self._score = ""

    async def open_stage(self) -> None:
        """With what the command line names, or with the menu."""
        await super().open_stage()
        if self._first is not None and self._plays:
            self.play(self._first)
        elif self._order is not None:
            await self.practise(self._order)
        else:
            await self.begin(self._first or FREE)
            if self._first is None:
                self.action_menu()

    # -- the trainer's menu --------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A dialog has its own keys."""
        if action == "menu":
            return self.begun and len(self.screen_stack) == 1
        return super().check_action(action, parameters)

    # Not exclusive: another look at the menu must not break off the beginning of a scene that goes on meanwhile.
    @work(group="menu", exit_on_error=False)
    async def action_menu(self) -> None:
        """Show it, and do what is chosen; in practice the caller comes first."""
        if len(self.screen_stack) > 1:
            return
        if self.practice.is_on:
            self.turn_to_caller()
        else:
            await self._menu()

    async def _menu(self) -> None:
        state = self.player.state if self.player is not None else State.WAITING
        words = _AUTOPLAY.get(state, "autoplay this scene")
        key = await self.push_screen_wait(practice_menu() if self.practice.is_on else trainers_menu(scenes(), words))
        await self.do(key)

    async def do(self, key: str) -> None:
        """What stands at a key of the menu."""
        scene = FREE if key == "f" else next((one for one in scenes() if one.key == key), None)
        if scene is not None or key == "r":
            self.stop_playing()
            await self.begin(scene or self.scene)
        elif key in _PLACES:
            self.show(_PLACES[key])
        elif key == "m":
            self.stage.show_mailbox()
        elif key == "n":
            self.stage.show_notes()
        elif key == "c":
            await self._choose_time()
        elif key == "a":
            self.autoplay()
        elif key == "t":
            self.play(self.scene, self.part)
        elif key == "p":
            await self.practise(await self.push_screen_wait(PracticeForm(self._order)))
        elif key == "q":
            self.exit()

    async def _choose_time(self) -> None:
        key = await self.push_screen_wait(KeyMenu("How much later?", CLOCK_LINES))
        span = await self.push_screen_wait(AskSpan()) if key == "x" else JUMPS.get(key)
        if span is not None:
            self.jump(span)

    @on(NotesView.Turned)
    def turn(self, event: NotesView.Turned) -> None:
        """The trainer goes on to another part."""
        self.show_part(event.part)

    # -- autoplay ------------------------------------------------------------------------------

    def autoplay(self) -> None:
        """Begin, pause, go on, or give the stage back: whichever comes next."""
        player, state = self.player, self.player.state if self.player is not None else State.WAITING
        if player is not None and state is State.PLAYING:
            player.pause()
        elif player is not None and state is State.PAUSED:
            player.go_on()
        elif player is not None and state is State.BY_HAND:
            player.give_back()
        else:
            self.play(self.scene)

    def play(self, scene: Scene, part: int = 0) -> None:
        """Play a scene by itself from its beginning; what lies before `part` at once. Free play cannot be played."""
        if not scene.parts:
            self.notify("Begin a scene first.", markup=False)
            return
        self.stop_playing()
        self.player = Autoplay(self, scene, self._speed, self.playing_changed)
        self._playing = asyncio.create_task(self.player.play(part))
        self._playing.add_done_callback(self._played)

    def _played(self, task: asyncio.Task[bool]) -> None:
        if not task.cancelled() and self._plays and task is self._playing:
            ended = not task.exception() and task.result()
            told = "" if ended or self.player is None else self.player.words
            self.exit(return_code=exits.DONE if ended else exits.NOT_DONE, message=Content(told) if told else None)

    def stop_playing(self) -> None:
        """Whatever plays does so no more."""
        if self._playing is not None:
            self._playing.cancel()
        self._playing = self.player = None
        self.stage.bottom.release()
        self.stage.bottom.show_play("")

    def playing_changed(self, player: Autoplay) -> None:
        """Show in which part it is."""
        if player is self.player:
            self.show_part(player.part)
            # The player's own words say it too, and need the room.
            self.stage.bottom.show_play("" if player.words else _SAID.get(player.state, ""))

    @on(TerminalView.Touched)
    def touched(self) -> None:
        """Whoever touches the stage takes it over."""
        if self.player is not None:
            self.player.take()

    # -- practice ------------------------------------------------------------------------------

    @property
    def practice(self) -> PracticeView:
        """The caller beside the desk."""
        return self.stage.query_one(PracticeView)

    async def practise(self, order: Order | None) -> None:
        """Let callers ring, each with trouble of their own; nothing without an order."""
        if order is not None:
            self.stop_playing()
            self._order = order
            await self.begin(self.practice.take(self.box, order))

    def has_begun(self, scene: Scene) -> None:
        """A scene has begun: the first caller rings, if it is a queue's."""
        on = self.practice.begun(scene)
        self.stage.set_class(on, "-practice")
        # What is in the mails of callers they say themselves.
        self.stage.bottom.show_menu("the caller" if on else "trainer's menu", post=not on)
        self.stage.set_class(on, "-calling")
        if on:
            self.practice.focus()

    def turn_to_caller(self) -> None:
        """The keys go to the caller, or back to the desk."""
        if self.practice.has_focus:
            self.leave_caller()
        else:
            self.stage.add_class("-calling")
            self.practice.focus()

    @on(PracticeView.Left)
    def leave_caller(self) -> None:
        """The keys go to the desk; what was said last stays in sight."""
        self.stage.remove_class("-calling")
        self.view(self.present).focus()

    @on(PracticeView.Said)
    def caller_said(self, event: PracticeView.Said) -> None:
        """Where the panel is not beside the desk, the last words are."""
        beside = self.stage.has_class("-wide") or not event.words
        self.caption("" if beside else f"“{event.words}”   {MENU_KEY} the caller")

    @on(PracticeView.MenuWanted)
    @work(group="menu", exit_on_error=False)
    async def menu_wanted(self) -> None:
        """From the panel."""
        if len(self.screen_stack) == 1:
            await self._menu()

    @property
    def last_words(self) -> str:
        """What stands in the terminal once the stage is gone: the score of somebody who practised; empty for nobody."""
        return self._score

    @on(PracticeView.Scored)
    def keep_score(self, event: PracticeView.Scored) -> None:
        """Of the queue so far."""
        self._score = event.words

    @on(PracticeView.Quit)
    def quit_practice(self) -> None:
        """The queue is over."""
        self.exit()
