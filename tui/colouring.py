"""Which colours the desk shows: those of this run, of the person, of this machine, in this order."""

from __future__ import annotations

from textual.app import App

from screens.colours import shown
from screens.dialogs.problem import Problem
from screens.workplace import Workplace
from services.actor import Actor
from services.colours import Colours
from services.errors import DeskError
from services.remembered import remember_theme
from tui.themes import apply

PREFERENCE = "theme"
"""The name under which a person's choice is kept."""


class Colouring:
    """One for the whole application; whoever signs in sees what they chose, whoever chose nothing what is usual."""

    def __init__(self, app: App[None], place: Workplace, for_run: Colours | None = None) -> None:
        """`for_run` is what the command line names for this run."""
        self._app = app
        self._place = place
        self._settings = place.desk.ctx.settings
        self._for_run = for_run
        self._at_the_door: Colours | None = None
        self._actor: Actor | None = None
        apply(app, for_run or place.memory.recall().theme or self._settings.theme)

    async def signed_in(self, actor: Actor) -> None:
        """Show what this person chose, unless they have just chosen for themselves at the sign-in form."""
        self._actor = actor
        if self._for_run or self._at_the_door:
            return
        try:
            kept = await self._place.call(self._place.desk.preferences.get, actor, PREFERENCE)
        except DeskError:
            # The first look at the session tells the person why it does not hold.
            return
        apply(self._app, str((kept or {}).get("name") or self._settings.theme))
        await self._remember()

    def signed_out(self) -> None:
        """The next person begins with what was shown last."""
        self._actor = self._at_the_door = None

    async def choose(self, colours: Colours) -> None:
        """Show these from now on: for the person who is signed in, or on this machine's sign-in form."""
        self._for_run = None
        apply(self._app, colours)
        await self._remember()
        if self._actor is None:
            self._at_the_door = colours
            return
        try:
            await self._place.call(self._place.desk.preferences.put, self._actor, PREFERENCE, {"name": colours.value})
        except DeskError as error:
            await self._app.push_screen_wait(Problem("The colours are not kept", error.sentence))

    async def _remember(self) -> None:
        colours = shown(self._app)
        # What is usual here is not remembered, so that another setting is seen at the next start.
        name = "" if colours == self._settings.theme else colours.value
        await self._place.call(remember_theme, self._place.memory, name)
