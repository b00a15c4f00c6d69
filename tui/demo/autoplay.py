"""Plays a scene by itself, at a human pace and with captions; whoever touches the stage takes it over."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from enum import StrEnum

from services.errors import DeskError
from tui.demo.conducting import Conductor
from tui.demo.octets import octets
from tui.demo.pace import SLOW, Pace
from tui.demo.scene import Await, Beat, Jump, Mark, Pause, Place, Press, ReadMail, Say, Scene, Show, Type
from tui.demo.script import Script

LOOK_EVERY = 0.03
"""Seconds between two looks at the stage."""

QUIET = 0.1
"""Seconds for which nothing was drawn before something is typed: a form is drawn before its field is ready."""

ANSWER_WITHIN = 0.4
"""Seconds in which a key is answered, if it is by something to be seen."""

MOST_UNREST = 1.5
"""Seconds after which it is typed at all the same: a countdown never rests."""

ENDED = "That was “{scene}”. The stage is yours."

ASTRAY = "Not a place that autoplay knows. Go back to “{part}”, or ctrl+t t plays it anew."

MISSED = "No “{text}” at {place} within {seconds:.0f} seconds, in “{part}”. The stage is yours."

STUCK = "“{part}” could not go on: {why} The stage is yours."

PLACES = {Place.DESK: "the desk", Place.PERSON: "the person's browser", Place.KIOSK: "the kiosk"}
"""How a sentence names them."""


class State(StrEnum):
    """What the player does."""

    WAITING = "waiting"
    """Nothing yet."""

    PLAYING = "playing"
    PAUSED = "paused"

    BY_HAND = "by hand"
    """The trainer has the stage; `give_back` ends it."""

    ENDED = "ended"

    FAILED = "failed"
    """Something that was expected did not come; the caption says what."""


class _TakenOver(Exception):
    """The trainer has touched the stage in the middle of a beat."""


class _Missed(Exception):
    """What was expected did not come."""


class Autoplay:
    """One scene on a stage; everything happens in the loop of the stage's application."""

    def __init__(
        self, stage: Conductor, scene: Scene, speed: float = 1.0, on_change: Callable[[Autoplay], None] | None = None
    ) -> None:
        """Make the player; `play` begins.

        Args:
            speed: how many times faster than a person.
            on_change: told whenever state, part or words are others.
        """
        self.scene = scene
        self.state = State.WAITING
        self.words = ""
        """Why it failed, or why the stage cannot be given back; else empty."""
        self._stage = stage
        self._script = Script(scene)
        self._pace = Pace(speed)
        self._speed = speed
        self._on_change = on_change
        self._at = 0
        self._caption = ""
        self._acted = False
        self._taken = False
        self._unanswered = -1
        self._mine = asyncio.Event()
        self._unpaused = asyncio.Event()

    @property
    def part(self) -> int:
        """The number of the present part, from 0."""
        return self._script.part_of(self._at)

    async def play(self, start: int = 0) -> bool:
        """The whole scene, from its beginning; whether it came to its end.

        Args:
            start: the part from which it goes at its pace; what lies before is played as fast as it goes.

        May be called again, and cancelled at any moment.
        """
        self._at, self._caption, self.words = 0, "", ""
        self._mine.set()
        self._unpaused.set()
        self._put(State.PLAYING)
        await self._stage.begin(self.scene)
        try:
            while self._at < len(self._script.beats):
                self._pace = Pace(self._speed if self.part >= start else float("inf"))
                await self._next()
        except _Missed as missed:
            return self._fail(str(missed))
        except DeskError as refusal:
            return self._fail(STUCK.format(part=self._title, why=refusal.sentence))
        self._tell(ENDED.format(scene=self.scene.name))
        with contextlib.suppress(_TakenOver):
            await self._rest(self._pace.reading(self._caption))
        self._put(State.ENDED)
        return True

    def pause(self) -> None:
        """Stand still until `go_on`; without effect unless it plays."""
        if self.state is State.PLAYING:
            self._unpaused.clear()
            self._put(State.PAUSED)

    def go_on(self) -> None:
        """Go on where it was paused."""
        if self.state is State.PAUSED:
            self._put(State.PLAYING)
            self._unpaused.set()

    def take(self) -> None:
        """The trainer touches the stage: it is theirs at once, before their key reaches it."""
        if self.state in (State.PLAYING, State.PAUSED):
            # What has been done already must not be done again.
            self._at += self._acted
            self._acted, self._taken = False, True
            self._mine.clear()
            self._unpaused.set()
            self._put(State.BY_HAND)

    def give_back(self) -> bool:
        """Go on from where the trainer has brought the stage in the present part; False if that is nowhere known.

        Then `words` says so, and the stage stays the trainer's: `play` with `part`, or without, begins anew.
        """
        if self.state is not State.BY_HAND:
            return False
        found = self._script.found(self._at, self._stage.present, self._stage.text())
        if found is None:
            self.words = ASTRAY.format(part=self._title)
            self._stage.caption(self.words)
            self._put(State.BY_HAND)
            return False
        self._at, self.words = found, ""
        self._stage.caption(self._caption)
        self._put(State.PLAYING)
        self._mine.set()
        return True

    async def _next(self) -> None:
        """One beat, or a long wait while the trainer has the stage."""
        await self._mine.wait()
        if self._at == len(self._script.beats):
            return
        part, self._acted, self._taken = self.part, False, False
        try:
            await self._do(self._script.beats[self._at])
            await self._gate()
        except _TakenOver:
            return
        self._at, self._acted = self._at + 1, False
        if self.part != part:
            self._put(self.state)

    async def _do(self, beat: Beat) -> None:
        match beat:
            case Say(words):
                self._tell(words)
                await self._rest(self._pace.reading(words))
            case Press(keys):
                await self._still()
                for key in keys:
                    self._send(octets(key))
                    await self._rest(self._pace.key)
            case Type():
                await self._type(beat)
            case Await():
                await self._await(beat)
            case Show(place):
                self._acted = True
                self._stage.show(place)
                await self._rest(self._pace.change)
            case ReadMail():
                await self._read(beat)
            case Jump(by):
                self._acted = True
                self._stage.jump(by)
                await self._rest(self._pace.change)
            case Pause(seconds):
                await self._rest(self._pace.seconds(seconds))
            case Mark(name):
                await self._still()
                await self._stage.mark(name)

    async def _type(self, beat: Type) -> None:
        words = beat.words if isinstance(beat.words, str) else await asyncio.to_thread(beat.words, self._stage.desk)
        await self._still()
        for number, sign in enumerate(words):
            self._send(sign)
            await self._rest(self._pace.sign(number, sign))

    async def _await(self, beat: Await) -> None:
        waited = 0.0
        while beat.text not in self._stage.text():
            if waited >= beat.seconds:
                place = PLACES[self._stage.present]
                raise _Missed(MISSED.format(text=beat.text, place=place, part=self._title, seconds=beat.seconds))
            waited += await self._look()

    async def _read(self, beat: ReadMail) -> None:
        """Open the mail; it may come late, and the stage gives up by itself."""
        try:
            await self._stage.read_mail(beat.to, beat.about, follow=beat.follow)
        except TimeoutError:
            raise _Missed(STUCK.format(part=self._title, why=f"no such mail to {beat.to} has come.")) from None
        self._acted = True
        await self._rest(self._pace.change)

    async def _still(self) -> None:
        """Wait until the present place has answered the last key and draws nothing more."""
        seen, quiet, waited = self._stage.drawn(), 0.0, 0.0
        while quiet < (QUIET if seen != self._unanswered else ANSWER_WITHIN) and waited < MOST_UNREST:
            passed = await self._look()
            now = self._stage.drawn()
            quiet = quiet + passed if now == seen else 0.0
            waited, seen = waited + passed, now
        self._unanswered = -1

    def _send(self, keys: str) -> None:
        self._acted = True
        self._unanswered = self._stage.drawn()
        self._stage.send(keys)

    async def _look(self) -> float:
        """A short moment; how long it was, without what the trainer paused in it."""
        clock = asyncio.get_running_loop().time
        began = clock()
        await asyncio.sleep(LOOK_EVERY)
        passed = clock() - began
        await self._gate()
        # A machine that was asleep has not waited for anything.
        return min(passed, SLOW)

    async def _rest(self, seconds: float) -> None:
        """So long, in pieces, so that a pause holds at once."""
        while seconds > 0:
            piece = min(seconds, LOOK_EVERY)
            await asyncio.sleep(piece)
            await self._gate()
            seconds -= piece
        await asyncio.sleep(0)
        await self._gate()

    async def _gate(self) -> None:
        """Stand still while it is paused, and leave the beat if the stage was taken over."""
        await self._unpaused.wait()
        if self._taken:
            raise _TakenOver

    def _tell(self, words: str) -> None:
        self._caption = words
        self._stage.caption(words)

    def _fail(self, words: str) -> bool:
        self.words = words
        self._tell(words)
        self._put(State.FAILED)
        return False

    def _put(self, state: State) -> None:
        self.state = state
        if self._on_change is not None:
            self._on_change(self)

    @property
    def _title(self) -> str:
        return self.scene.parts[self.part].title
