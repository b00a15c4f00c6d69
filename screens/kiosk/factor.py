"""Two-step sign-in, set up at a kiosk: a picture to scan or a key to type, the first code, and the recovery codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.types import CSSPathType
from textual.widgets import Static

from screens.factor.recovery_codes import in_columns
from screens.kiosk.flow import KioskFlow
from screens.kiosk.frame import LOOKS, BigButton, KioskNotice, KioskScreen
from screens.kiosk.wizard import WIZARD_LOOKS
from screens.kiosk.workplace import KioskPlace
from screens.onboarding.second_factor import SecondFactorStep
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.qr import QrCode
from screens.widgets.tick import Tick
from screens.wizard.step import Step
from services.accounts.second_factor import Enrolment
from services.actor import Actor
from services.credentials.passwords import Secret
from services.errors import Refused

FACTOR_LOOKS = Path(__file__).with_name("factor.tcss")

PATIENCE = 180
"""Seconds: a phone has to be found, and an app to be installed; codes are written down by hand."""

WORDS_BESIDE = 30
"""Cells that the words beside the picture need."""

ROWS_AROUND = 12
"""What stands above and below the picture on a screen that has room for everything."""

ROWS_BELOW = 3
"""The buttons, all that stays on a screen that has room for little more than the picture."""

_SCAN = "Use an authenticator app on your phone. If it cannot scan, type this key into it:"
_NO_ROOM = "Add an account to an authenticator app on your phone, and type this key into the app:"
_CODES = (
    "If you lose your phone, each of them lets you in once in the place of the app. They are shown only now: "
    "write them down, and keep them apart from your phone and your password."
)
_CODES_SHORT = "Each lets you in once without your phone. They are shown only now: write them down."
_NOT_KEPT = "✗ Write the codes down first, then tick the box."
_LEAVING = "They are not shown again. Later you are given new ones, and these work no more."


@dataclass(frozen=True, slots=True)
class Typed:
    """The first code of the app."""

    code: Secret = field(default_factory=lambda: Secret(""))


class ScanStep(Step[Typed]):
    """What the app needs."""

    heading = "Scan this picture with your phone"

    def __init__(self, begun: Enrolment) -> None:
        super().__init__()
        self._begun = begun

    def compose(self) -> ComposeResult:
        with Horizontal(classes="scan"):
            yield QrCode((self._begun.uri, self._begun.short_uri))
            with Vertical(classes="scan-words"):
                yield Static(self.heading, classes="scan-heading", markup=False)
                yield Static(_SCAN, classes="step-lead", markup=False)
                yield Static(self._key(), classes="scan-key")

    def fit(self, window: Size, widest: int) -> None:
        """As large a picture as there is room for; for a small window the rest of the screen gives way to it."""
        picture = self.query_one(QrCode)
        width = min(widest, window.width - 4) - WORDS_BESIDE
        roomy = picture.draw(Size(width, window.height - ROWS_AROUND))
        tight = not roomy and picture.draw(Size(width, window.height - ROWS_BELOW))
        self.screen.set_class(tight, "-tight")
        self.screen.set_class(not (roomy or tight), "-no-picture")
        self.heading = ScanStep.heading if roomy or tight else "Type this key into your app"  # type: ignore[misc]  # what is there
        self.query_one(".step-lead", Static).update(Content(_SCAN if roomy or tight else _NO_ROOM))

    def _key(self) -> Content:
        groups = self._begun.key.reveal().split()
        return Content("\n").join(Content(" ".join(groups[at : at + 4])) for at in range(0, len(groups), 4))


class FirstCodeStep(Step[Typed]):
    """Whether the app got it."""

    heading = "Type the code that your app shows"

    def compose(self) -> ComposeResult:
        yield Static("Six digits; every half a minute there are others.", classes="step-lead", markup=False)
        yield Field("Code", id="code", check=forms.needed("Type the code that the app shows."))

    def collect(self, draft: Typed) -> Typed:
        """The code."""
        return replace(draft, code=Secret(self.text("code")))


class KioskEnrol(KioskFlow[Typed, bool | None]):
    """Closes with True once the app counts and its codes are kept, with False if they are not, with None without it."""

    CSS_PATH: ClassVar[CSSPathType | None] = [LOOKS, WIZARD_LOOKS, FACTOR_LOOKS]

    needs_session = True
    patience = PATIENCE
    verb = "Go on"

    def __init__(self, place: KioskPlace, actor: Actor, begun: Enrolment) -> None:
        """`begun` says what the app needs."""
        self._actor = actor
        self._enrolment = begun
        super().__init__(place, Typed())

    def steps(self) -> Sequence[Step[Typed]]:
        """Two."""
        return ScanStep(self._enrolment), FirstCodeStep()

    def on_resize(self) -> None:
        """Another window has room for another picture."""
        self._fit()

    def show_place(self, headings: Sequence[str], here: int) -> None:
        """Back leads out of here, so that nothing has to begin anew."""
        self._fit()
        super().show_place([self._steps[0].heading, *headings[1:]], here)
        self.set_class(here == 0, "-scanning")
        self.query_one("#start-again").display = False

    async def finish(self, draft: Typed) -> bool | None:
        """Let the app count, and show the recovery codes; too late, it has to begin anew."""
        try:
            codes = await self.call(self.desk.second_factor.confirm, self._actor, draft.code)
        except Refused as refusal:
            await self.tell(refusal)
            return None
        return await self.app.push_screen_wait(KioskRecoveryCodes(self.place, self._actor, codes))

    def _fit(self) -> None:
        self.query_one(ScanStep).fit(self.size, 84)


class KioskRecoveryCodes(KioskScreen[bool]):
    """Recovery codes, shown once; closes with whether the person has kept them."""

    CSS_PATH: ClassVar[CSSPathType | None] = [LOOKS, FACTOR_LOOKS]

    needs_session = True
    patience = PATIENCE

    def __init__(self, place: KioskPlace, actor: Actor, codes: Sequence[str]) -> None:
        super().__init__(place)
        self._actor = actor
        self._codes = codes

    def room(self) -> ComposeResult:
        """The codes, and a box to say that they are kept."""
        yield Static("Keep these recovery codes", classes="kiosk-title", markup=False)
        yield Static(_CODES, classes="kiosk-line codes-roomy", markup=False)
        yield Static(_CODES_SHORT, classes="codes-slim", markup=False)
        yield Static(in_columns(self._codes, 2), classes="codes codes-roomy")
        yield Static(in_columns(self._codes, 1), classes="codes codes-slim")
        yield Tick("I have written them down", ticked=False)
        yield Static("", classes="codes-told", markup=False)

    def foot(self) -> ComposeResult:
        """On, or not."""
        yield BigButton("Go on", id="keep", main=True)
        yield BigButton("Not now", id="back")

    def on_mount(self) -> None:
        """The box is what there is to do."""
        self.query_one(Tick).focus()

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """After the box, the button."""
        event.stop()
        self._say("")
        if event.ticked:
            self.query_one("#keep").focus()

    @work(exit_on_error=False)
    async def action_keep(self) -> None:
        """Go on, if the person says that they are kept."""
        if not self.query_one(Tick).ticked:
            self._say(_NOT_KEPT)
            self.query_one(Tick).focus()
            return
        async with self.problems_told():
            await self.call(self.desk.second_factor.keep_codes, self._actor)
            self.dismiss(True)

    def action_back(self) -> None:
        """Leave, after saying what that means."""
        self.leave()

    @work(exit_on_error=False)
    async def leave(self) -> None:
        """The question, and its answer."""
        if not self.is_active:
            return
        question = KioskNotice(self.place, "Leave without the codes?", [_LEAVING], yes="Leave", no="Back to the codes")
        if await self.app.push_screen_wait(question):
            self.dismiss(False)

    def _say(self, words: str) -> None:
        self.query_one(".codes-told", Static).update(Content(words))


class KioskSecondFactorStep(SecondFactorStep):
    """The same step among the first ones, with the screens of a kiosk."""

    heading = "Two-step sign-in"

    def __init__(self, place: KioskPlace, actor: Actor) -> None:
        super().__init__(place, actor)
        self._kiosk = place

    def enrolling(self, begun: Enrolment) -> Screen[bool | None]:
        """One question after the other."""
        return KioskEnrol(self._kiosk, self._actor, begun)

    def showing(self, codes: Sequence[str]) -> Screen[bool]:
        """With large buttons."""
        return KioskRecoveryCodes(self._kiosk, self._actor, codes)
