"""The first screen of somebody signed in, which offers what they were typing when the line dropped."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.workplace import Workplace
from services.actor import Actor
from services.drafts import DraftForm, WaitingDraft
from services.errors import DeskError


class DraftHome(DeskScreen[None]):
    """A subclass knows how each form is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "c",
            "drafts",
            "Continue what you typed",
            show=False,
            id="home.drafts",
            tooltip="Go on with a form that was not saved when the line dropped",
        ),
    ]

    forms: ClassVar[frozenset[DraftForm]]
    """Those that are opened from here."""

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor

    # mypy holds it; Textual's metaclass leaves no room for another.
    @abstractmethod
    async def open_form(self, draft: WaitingDraft) -> None:
        """Open the form that the draft is of, which takes it, and return when the form is closed."""

    @work(exit_on_error=False)
    async def offer_drafts(self) -> None:
        """Offer them once, to whoever has just signed in."""
        try:
            await self._look()
        except DeskError:
            # Whoever cannot be served hears it from what they want to do; the key looks again.
            return
        await self._offer()

    @work(exit_on_error=False)
    async def action_drafts(self) -> None:
        """Offer them again."""
        async with self.problems_told():
            await self._look()
            await self._offer()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key is there for whoever has drafts."""
        if action == "drafts":
            return bool(self.place.sitting.waiting)
        return super().check_action(action, parameters)

    async def _look(self) -> None:
        waiting = await self.call(self.desk.drafts.waiting, self._actor)
        self.place.sitting.waiting = {draft.key: draft for draft in waiting if draft.key.form in self.forms}
        self.refresh_bindings()

    async def _offer(self) -> None:
        # Imported when it is needed: few lines drop.
        from screens.dialogs.unfinished import Unfinished, Wish

        sitting = self.place.sitting
        while sitting.waiting and self.is_attached:
            drafts = tuple(sitting.waiting.values())
            chosen = await self.app.push_screen_wait(Unfinished(drafts, self.desk.ctx.clock.now()))
            if chosen is None:
                break
            if chosen.wish is Wish.GO_ON:
                await self._go_on(chosen.draft)
                break
            await self._throw_away(chosen.draft)
        self.refresh_bindings()

    async def _go_on(self, draft: WaitingDraft) -> None:
        sitting = self.place.sitting
        sitting.going_on = draft.key
        try:
            await self.open_form(draft)
        finally:
            sitting.going_on = None

    async def _throw_away(self, draft: WaitingDraft) -> None:
        question = Confirm(
            "Throw it away?",
            [draft.title, "It has not been saved anywhere."],
            yes="Throw away",
            no="Keep",
            dangerous=True,
        )
        if await self.app.push_screen_wait(question):
            async with self.problems_told():
                await self.call(self.desk.drafts.drop, self._actor, draft.key)
                self.place.sitting.waiting.pop(draft.key, None)
