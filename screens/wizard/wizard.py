"""The frame of every wizard: a draft, its steps, and one call to a service at the end."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Button, ContentSwitcher, ProgressBar, Static

from screens.dialogs.discard import Discard
from screens.field_screen import FieldScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.wizard.step import Step
from screens.workplace import Workplace
from services.errors import Invalid

if TYPE_CHECKING:
    from screens.drafts.keeper import DraftKeeper

D = TypeVar("D")
R = TypeVar("R")


def onward(end: str) -> tuple[Binding, Binding]:
    """The key that goes on, in the words of the step: `end` stands in the foot line on the last one."""
    return (
        Binding("f2", "next", "Next", id="wizard.next", tooltip="Check this step and go on"),
        Binding("f2", "end", end, id="wizard.end", tooltip="Check this step and do what the wizard is for"),
    )


class Wizard(FieldScreen[R | None], Generic[D, R]):
    """Leads through steps and closes with the result, or with None when the person gave up.

    The draft is a frozen value that the wizard owns; which step comes next is worked out from it.
    A subclass gives `title_words`, `verb`, `steps` and `finish`; and `onward` if "Finish" does not say what it does.
    """

    # Whole, because Textual looks beside the file of the subclass.
    CSS_PATH: ClassVar[CSSPathType | None] = Path(__file__).with_name("wizard.tcss")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-slim"), (72, "-normal"), (120, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *onward("Finish"),
        Binding("f3", "back", "Back", id="wizard.back", tooltip="The step before; nothing is lost"),
        Binding("escape", "leave", "Leave", id="wizard.leave", tooltip="Leave without doing anything"),
    ]

    title_words: ClassVar[str]
    """What the wizard does, for the title bar."""

    verb: ClassVar[str] = "Finish"
    """The last button: what will happen."""

    busy: reactive[str] = reactive("")
    """What is being done, in words, while a service works; empty when the person is at it."""

    last: reactive[bool] = reactive(False, bindings=True)
    """Whether nothing follows the present step."""

    def __init__(self, place: Workplace, draft: D) -> None:
        super().__init__(place)
        self.draft = draft
        self._begun = draft
        self._steps = list(self.steps())
        for number, step in enumerate(self._steps):
            step.id = f"step-{number}"
        self._step = self._steps[0]
        self.keeper: DraftKeeper | None = None

    @abstractmethod
    def steps(self) -> Sequence[Step[D]]:
        """All steps in their order, also those that only some drafts need."""

    async def sure(self, draft: D) -> bool:
        """Asked once more before the end, above the last step; a no leads back to it."""
        return True

    @abstractmethod
    async def finish(self, draft: D) -> R:
        """The one call at the end. Invalid leads back to the step that has the field; other errors are told."""

    def compose(self) -> ComposeResult:
        yield TitleBar(self.title_words)
        with Horizontal(id="wizard-frame"):
            yield Static("", id="wizard-steps", markup=False)
            with Vertical(id="wizard-main"):
                yield Static("", id="wizard-place", markup=False)
                with ContentSwitcher(initial=self._step.id, id="wizard-step"):
                    yield from self._steps
                with Horizontal(id="wizard-busy"):
                    yield Static("", id="wizard-busy-words", markup=False)
                    yield ProgressBar(id="wizard-progress", show_eta=False)
                with Horizontal(id="wizard-buttons"):
                    yield Button("Back", id="wizard-back")
                    yield Button("Next", id="wizard-next", variant="primary")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin with the first step that applies."""
        self._go(next(step for step in self._steps if step.applies(self.draft)))

    def watch_busy(self, words: str) -> None:
        """While a service works nothing can be typed or pressed, and the person sees what is done."""
        self.set_class(bool(words), "-busy")
        self.query_one("#wizard-busy-words", Static).update(Content(words))
        if not words:
            self.query_one("#wizard-progress", ProgressBar).update(total=None, progress=0)
            self.remove_class("-counted")
        self.refresh_bindings()

    def on_screen_suspend(self) -> None:
        """Below a question nothing is done: the wizard waits for the answer."""
        self.remove_class("-busy")

    def on_screen_resume(self) -> None:
        """The question is answered."""
        self.set_class(bool(self.busy), "-busy")

    def show_progress(self, done: int, total: int | None) -> None:
        """Show how far the work is, beside the words of `busy`; None if nobody can tell how much it is."""
        if not self.busy or not self.is_attached:
            return
        self.add_class("-counted")
        self.query_one("#wizard-progress", ProgressBar).update(total=total, progress=done)

    def on_field_edited(self, event: Field.Edited) -> None:
        """An answer may change which steps follow."""
        event.stop()
        self._show_place(self._step.collect(self.draft))
        self.note_draft()

    @property
    def form(self) -> Widget:
        """The present step."""
        return self._step

    def go_on(self) -> None:
        """On to the next step."""
        self.action_next()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "wizard-next":
            self.action_next()
        elif event.button.id == "wizard-back":
            self.action_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing before the first step; while a service works, nothing can be done."""
        if action in ("next", "end") and self.last is (action == "next"):
            return False
        if action in ("next", "end", "back", "leave") and self.busy:
            return None
        if action == "back" and self.is_mounted and self._before() is None:
            return False
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_next(self) -> None:
        """Check the step, ask its service, and go on to the next one or do it."""
        if self.busy or not self._step.holds():
            return
        self.draft = self._step.collect(self.draft)
        self.busy = "One moment …"
        try:
            async with self.problems_told():
                await self._advance()
        finally:
            self.busy = ""

    def action_end(self) -> None:
        """The last step is left like every other."""
        self.action_next()

    async def _advance(self) -> None:
        try:
            self.draft = await self._step.leave(self.draft)
            following = self._after(self.draft)
            if following is None:
                if await self.sure(self.draft):
                    self.dismiss(await self.finish(self.draft))
                return
        except Invalid as error:
            self._tell(error)
        else:
            self._go(following)

    def action_back(self) -> None:
        """Show the step before, with everything that was typed."""
        before = self._before()
        if self.busy or before is None:
            return
        self.draft = self._step.collect(self.draft)
        self._go(before)

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Give up; what was typed is thrown away only after a question."""
        if self.busy or not self.is_active:
            return
        if not self.typed or await self.app.push_screen_wait(Discard()):
            if self.keeper is not None:
                await self.keeper.given_up()
            self.dismiss(None)

    @property
    def typed(self) -> bool:
        """Whether anything differs from what stood there at first."""
        return self._step.collect(self.draft) != self._begun

    def note_draft(self) -> None:
        """Called when something was typed, for a wizard that keeps it."""

    def _tell(self, error: Invalid) -> None:
        """Show the sentences in the step that has the field, which may be an earlier one."""
        told = [step for step in self._applying(self.draft) if step.tell(error.problems)]
        if not told:
            raise error
        if told[0] is not self._step:
            self._go(told[0])
        told[0].tell(error.problems)

    def _go(self, step: Step[D]) -> None:
        self._step = step
        step.show(self.draft)
        self.query_one("#wizard-step", ContentSwitcher).current = step.id
        self._show_place(self.draft)
        self.refresh_bindings()
        step.enter()
        if not forms.fields(step):
            self.onward_button.focus()
        self.entered()

    def entered(self) -> None:
        """Called when another step is shown."""

    def _applying(self, draft: D) -> list[Step[D]]:
        return [step for step in self._steps if step.applies(draft)]

    def _after(self, draft: D) -> Step[D] | None:
        place = self._steps.index(self._step)
        return next((step for step in self._steps[place + 1 :] if step.applies(draft)), None)

    def _before(self) -> Step[D] | None:
        place = self._steps.index(self._step)
        return next((step for step in reversed(self._steps[:place]) if step.applies(self.draft)), None)

    def _show_place(self, draft: D) -> None:
        applying = self._applying(draft)
        self.last = self._after(draft) is None
        self.show_place([step.heading for step in applying], applying.index(self._step))

    @property
    def onward_button(self) -> Button:
        """The button that goes on."""
        return self.query_one("#wizard-next", Button)

    def show_place(self, headings: Sequence[str], here: int) -> None:
        """Show the steps of the way, which of them is the present one, and the buttons that it needs."""
        lines = [_line(heading, index - here) for index, heading in enumerate(headings)]
        self.query_one("#wizard-steps", Static).update(Content("\n").join(lines))
        self.query_one("#wizard-place", Static).update(
            Content.assemble((headings[here], "bold"), (f"  Step {here + 1} of {len(headings)}", "$foreground-muted"))
        )
        button = self.onward_button
        button.label = Content(self.verb if self.last else "Next")
        button.refresh(layout=True)
        self.query_one("#wizard-back", Button).display = here > 0


def _line(heading: str, distance: int) -> Content:
    if distance < 0:
        return Content.assemble(("✓ ", "$text-success"), heading)
    if distance == 0:
        return Content.styled(f"▸ {heading}", "bold $accent")
    return Content.styled(f"  {heading}", "$foreground-muted")
