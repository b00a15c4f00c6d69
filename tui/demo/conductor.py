"""The conductor: starts the real programs over the sandbox, and does what the trainer or autoplay asks."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

from textual import on, work

from services.actor import Actor
from services.desk import Desk
from services.errors import DeskError, NotFound
from services.sandbox.sandbox import PORTAL, Sandbox
from tui.demo.frame import PLACES, FrameTop
from tui.demo.free_play import BY_HAND, FREE
from tui.demo.house import HouseApp
from tui.demo.mailbox_view import MailboxView
from tui.demo.notes_view import NotesView
from tui.demo.packets import packed
from tui.demo.scene import Part, Place, Scene, Type
from tui.demo.terminal_view import TerminalView

_LOOK_EVERY = 0.2
"""Seconds between two looks at the clock and at the post."""

_LOOK_UP_EVERY = 1.0
"""Seconds between two looks at what the notes tell of the sandbox: the codes of an app, of a mail."""


class StageApp(HouseApp, inherit_bindings=False):
    """Puts programs on the stage; what the trainer's keys do is not known here (`tui.demo.conducting.Conductor`).

    Attributes:
        scene: what is being shown; part: which of its parts.
    """

    def __init__(self, box: Sandbox, theme: str = "") -> None:
        """`box` is not built yet."""
        super().__init__(box, theme)
        self.scene = FREE
        self.part = 0
        self._changing = asyncio.Lock()
        self._link = ""
        self._seated: Actor | None = None
        self._starting: dict[Place, dict[str, object]] = {}
        self._post_seen: object = None
        self._set_out = timedelta()

    async def open_stage(self) -> None:
        """From now on the clock and the post are looked at."""
        self.set_interval(_LOOK_EVERY, self.look)
        self.set_interval(_LOOK_UP_EVERY, self.look_up)

    # -- the conductor -------------------------------------------------------------------------

    @property
    def desk(self) -> Desk:
        """The services over the sandbox."""
        return self.box.desk

    @property
    def present(self) -> Place:
        """What stands on the stage."""
        return self.stage.present

    def show(self, place: Place) -> None:
        """Put a place on the stage, opening it if it is not there yet."""
        self.stage.bottom.show_problem("")
        self.stage.put(place)
        if self.view(place).program is None and place not in self._starting:
            self.open_again(place)

    def send(self, keys: str) -> None:
        """Octets as a terminal sends them, to the present place."""
        self.view(self.present).send(keys)

    def text(self) -> str:
        """What the present place shows, line by line."""
        return self.view(self.present).text()

    def drawn(self) -> int:
        """A number that grows whenever the present place has drawn something, be it only the cursor."""
        return self.view(self.present).drawn

    def caption(self, words: str) -> None:
        """Show a caption below the stage; empty for none."""
        self.stage.bottom.show_caption(words)

    async def mark(self, name: str) -> None:
        """A moment that a picture is drawn of; here nobody draws one."""

    def jump(self, by: timedelta) -> None:
        """Put the clock forward."""
        self.box.jump(by)
        self._post_seen = None
        self.look()

    async def read_mail(self, to: str, about: str, *, follow: bool) -> None:
        """Open the newest such mail in the mailbox once it has come, and click its link if asked.

        Raises TimeoutError if none comes, or if it has no link.
        """
        mail = await self.post.await_mail(to, about)
        self.stage.show_mailbox()
        link = await self.post.open(mail.id)
        if follow:
            if not link:
                raise TimeoutError
            await self.open_link(link)

    async def begin(self, scene: Scene) -> None:
        """The beginning of a scene, whatever was going on; the same scene again is a reset."""
        async with self._changing:
            await self.programs.end(*(view.program for view in self.stage.views if view.program is not None))
            self._starting.clear()
            for view in self.stage.views:
                view.clear()
            self.scene, self._link = scene, ""
            beginning = await asyncio.to_thread(self.box.begin, scene.name, scene.prepare, scene.signed_in)
            self._seated = beginning.actor
            self._set_out = self.box.clock.shift
            self.post.forget()
            self._post_seen = None
            self.stage.bottom.show_problem("")
            self.stage.remove_class("-mail", "-notes")
            self.stage.query_one(MailboxView).show_list()
            self.show_part(0)
            self.stage.begin(*scene.opens)
            for place in scene.opens:
                at_desk = self._seated if place is Place.DESK else None
                self.start(place, **({"actor": packed(at_desk)} if at_desk is not None else {}))
            self.begun = True
            self.look()
            self.has_begun(scene)

    def has_begun(self, scene: Scene) -> None:
        """Its programs have been started."""

    def show_part(self, part: int) -> None:
        """Show where in the scene the trainer is."""
        self.part, parts = part, self.scene.parts
        number, title = (f"{part + 1}/{len(parts)}", parts[part].title) if parts else ("", "")
        self.stage.query_one(FrameTop).show_scene(self.scene.name, number, title)
        self.stage.query_one(NotesView).show(self.scene, part)

    # -- programs ------------------------------------------------------------------------------

    def view(self, place: Place) -> TerminalView:
        """The terminal of a place."""
        return self.stage.view(place)

    def start(self, place: Place, **told: object) -> None:
        """Start the program of a place anew; `told` is what `playing.play` takes besides."""
        if place is Place.PERSON:
            told["link"], self._link = self._link, ""
            self.stage.boxes[place].show_address(f"{PORTAL}/#{told['link']}" if told["link"] else PORTAL)
        # Once it is known how large it will be: a program that is resized while it starts may miss that.
        self._starting[place] = told
        self.call_after_refresh(self._start, place, told)

    def _start(self, place: Place, told: dict[str, object]) -> None:
        if self._starting.get(place) is told:
            del self._starting[place]
            view = self.view(place)
            view.show(self.programs.start(place, view.cells, **told))

    @on(TerminalView.Ended)
    def program_ended(self, event: TerminalView.Ended) -> None:
        """A kiosk goes on with the next person; of anything else it is said."""
        place = Place(event.view.id or "")
        if self._changing.locked() or event.view.program is not None or place in self._starting:
            return
        if event.code == 0 and place is Place.KIOSK:
            self.start(place)
            return
        name = PLACES[place].lower()
        if event.code:
            words = f"The {name} has ended with a fault ({event.code}). Enter starts it again."
        else:
            words = f"The {name} was closed. Enter opens it again."
        event.view.say(words)
        if event.code:
            self.stage.bottom.show_problem(words)

    @on(TerminalView.WantedAgain)
    def start_again(self, event: TerminalView.WantedAgain) -> None:
        """Enter where nothing runs any more."""
        place = Place(event.view.id or "")
        if not self._changing.locked() and place not in self._starting:
            self.stage.bottom.show_problem("")
            self.open_again(place)

    def open_again(self, place: Place) -> None:
        """Start the program of a place that has none, with whoever sits at the scene's desk."""
        if place is Place.DESK and self._seated is not None:
            told: dict[str, object] = {}
            self._starting[place] = told
            self.sit_again(self._seated, told)
        else:
            self.start(place)

    @work(group="desk", exit_on_error=False)
    async def sit_again(self, before: Actor, told: dict[str, object]) -> None:
        """Open the desk with the scene's person at it; without them if the desk refuses them, and then it says why."""
        async with self._changing:
            if self._starting.get(Place.DESK) is not told:
                # A scene has begun meanwhile.
                return
            try:
                self._seated = await asyncio.to_thread(self.box.sit_again, self.scene.signed_in, before)
                told["actor"] = packed(self._seated)
            except DeskError as refusal:
                self.stage.bottom.show_problem(refusal.sentence)
            self.start(Place.DESK, **told)

    async def open_link(self, link: str) -> None:
        """Open an address in the person's browser."""
        view = self.view(Place.PERSON)
        async with self._changing:
            if view.program is not None:
                await self.programs.end(view.program)
            self._starting.pop(Place.PERSON, None)
            view.clear()
            self._link = link.partition("#")[2]
            self.show(Place.PERSON)

    # -- the clock and the post ----------------------------------------------------------------

    def look(self) -> None:
        """See what time it is, and whether there is post."""
        clock = self.box.clock
        self.stage.query_one(FrameTop).show_clock(clock.now(), clock.shift - self._set_out)
        seen = self.box.changed()
        if seen != self._post_seen and not self._changing.locked():
            self._post_seen = seen
            self.look_at_post()

    @work(exclusive=True, group="notes", exit_on_error=False)
    async def look_up(self) -> None:
        """Find what the notes of the present part tell of the sandbox."""
        part = self._told_of
        wanted = [beat for beat in part.beats if isinstance(beat, Type) and beat.known_as]
        notes = self.stage.query_one(NotesView)
        if not wanted or not notes.display or self._changing.locked():
            return

        def look() -> dict[str, str]:
            found = {}
            with self.box.replacing:
                for beat in wanted:
                    with contextlib.suppress(DeskError):
                        found[beat.known_as] = beat.words if isinstance(beat.words, str) else beat.words(self.desk)
            return found

        found = await asyncio.to_thread(look)
        if part is self._told_of:
            notes.tell(found)

    @property
    def _told_of(self) -> Part:
        """What the notes show."""
        return self.scene.parts[self.part] if self.scene.parts else BY_HAND

    @on(MailboxView.Narrowed)
    @work(exclusive=True, group="post", exit_on_error=False)
    async def look_at_post(self) -> None:
        """Deliver what waits, and list what has come."""
        await self.post.look()

    @on(MailboxView.Opened)
    @work(exit_on_error=False)
    async def open_mail(self, event: MailboxView.Opened) -> None:
        """Somebody reads a mail."""
        try:
            await self.post.open(event.number)
        except NotFound as gone:
            self.notify(gone.sentence, markup=False)

    @on(MailboxView.Followed)
    @work(exit_on_error=False)
    async def follow(self, event: MailboxView.Followed) -> None:
        """Somebody clicks a link."""
        await self.open_link(event.link)
