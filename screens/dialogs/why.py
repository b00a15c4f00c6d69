"""Why somebody cannot get in: each cause with its countdown, and with the key that mends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.base import DeskDialog
from screens.clients.words import ACTION_KEYS, called
from screens.widgets.countdown import Countdown, seconds_until
from services.accounts.action_words import MEND_WORDS
from services.clients.values import Cause, PersonAction, PersonPanel
from services.clock import Clock
from services.errors import DeskError
from services.verification.words import standing_words


class Why(DeskDialog[PersonAction]):
    """Answers with the action whose key was pressed; only those that mend something here have one."""

    CSS_PATH = "why.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "mend_first", "Mend", show=False, id="why.mend", tooltip="Do what mends the gravest cause"),
        *(
            Binding(key, f"press('{key}')", show=False, id=f"why.{key}")
            for key in dict.fromkeys(ACTION_KEYS.values())
            if key != ACTION_KEYS[PersonAction.WHY]
        ),
    ]

    def __init__(self, person: PersonPanel, again: Callable[[], Awaitable[PersonPanel]], clock: Clock) -> None:
        """`again` reads the person anew, once a wait is over."""
        super().__init__()
        self._person = person
        self._again = again
        self._clock = clock

    def compose(self) -> ComposeResult:
        person = self._person
        with Vertical(classes="dialog"):
            name = called(person.record.name)
            blocked = any(cause.blocks for cause in person.causes)
            title = f"Why can't {name} get in?" if blocked else f"Nothing keeps {name} out."
            yield Static(Content(title), classes="dialog-title")
            with VerticalScroll(classes="dialog-body"):
                for cause in person.causes:
                    yield from self._lines(cause)
                now = self._clock.now()
                if person.caller.until is not None and person.caller.until > now:
                    yield Static(Content(standing_words(person.caller, now)), classes="caller")
            hint = "Enter does what mends the first, a key does its own. Esc closes."
            yield Static(Content(hint if self._keys() else "Esc closes."), classes="dialog-hint")

    def on_mount(self) -> None:
        """Waits are counted down before one's eyes."""
        self._count_down()

    def _lines(self, cause: Cause) -> ComposeResult:
        sign = "▲" if cause.blocks else "·"
        with Horizontal(classes="cause -blocks" if cause.blocks else "cause"):
            yield Static(sign, classes="sign")
            yield Static(Content(cause.words), classes="words")
        if cause.until is not None:
            yield Countdown("Over in {left}", id=f"until-{cause.kind.value}")
        if cause.mend is not None:
            key = Content.assemble((f" {ACTION_KEYS[cause.mend]} ", "bold reverse"), f" {MEND_WORDS[cause.mend]}")
            yield Static(key, classes="mend")

    def _count_down(self) -> None:
        for cause in self._person.causes:
            if cause.until is not None:
                left = seconds_until(cause.until, self._clock)
                self.query_one(f"#until-{cause.kind.value}", Countdown).start(left)

    @on(Countdown.Over)
    @work(exclusive=True, exit_on_error=False)
    async def look_again(self) -> None:
        """A wait is over: show what holds now."""
        try:
            self._person = await self._again()
        except DeskError:
            # What is shown was true a moment ago; the next action says what is the matter.
            return
        await self.recompose()
        self._count_down()

    def action_mend_first(self) -> None:
        """What mends the gravest cause that can be mended."""
        keys = self._keys()
        if keys:
            self.dismiss(next(iter(keys.values())))
        else:
            self.action_close()

    def action_press(self, key: str) -> None:
        """The key of an action that mends something here."""
        mend = self._keys().get(key)
        if mend is None:
            self.app.bell()
        else:
            self.dismiss(mend)

    def _keys(self) -> dict[str, PersonAction]:
        mends = (cause.mend for cause in self._person.causes if cause.mend is not None)
        return {ACTION_KEYS[mend]: mend for mend in mends}
