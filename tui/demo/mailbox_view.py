"""The sandbox's mailbox as a mail client shows it: a list, a letter, and a link to click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Input, OptionList, Static

from screens.widgets.menu import Menu, Option
from services.sandbox.mailbox import SandboxLetter, SandboxMail

_EDGES = 5
"""Columns of a line of the list that hold no words: the margins, the border and the scrollbar."""


def shortened(words: str, width: int) -> str:
    """At most so many signs."""
    return words if len(words) <= width else f"{words[: width - 1]}…"


class LetterText(Static):
    """A letter; its link can be clicked."""

    class Clicked(Message):
        """The link was clicked with the mouse."""

    def action_follow(self) -> None:
        """Textual looks for what a link does in the widget that shows it."""
        self.post_message(self.Clicked())


class MailboxView(Vertical):
    """A list, and above it the letter that is being read.

    Attributes:
        words: what the list is narrowed to.
    """

    DEFAULT_CSS = """
    MailboxView {
        background: $surface;
        & > .mailbox-title { height: 1; padding: 0 1; background: $primary-background; color: $text; text-style: bold; }
        & > .mailbox-keys { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
        & > Input { padding: 0 1; display: none; }
        & > VerticalScroll {
            display: none; padding: 1 0;
            scrollbar-size-vertical: 1; scrollbar-background: $surface; scrollbar-color: $border;
        }
        #letter { padding: 0 1; }
        & > Menu { height: 1fr; background: $surface; }
        &.-reading > Menu { display: none; }
        &.-reading > VerticalScroll { display: block; }
        &.-searching > Input { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False, id="mailbox.back", tooltip="To the list, or to the stage"),
        Binding("slash", "search", "Search", show=False, id="mailbox.search", tooltip="Only mails to somebody"),
    ]

    class Opened(Message):
        """A mail is to be read."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Followed(Message):
        """The link of a mail was clicked."""

        def __init__(self, link: str) -> None:
            super().__init__()
            self.link = link

    class Narrowed(Message):
        """Other mails are to be listed."""

    class Left(Message):
        """Back to the stage."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.words = ""
        self._mails: Sequence[SandboxMail] = ()
        self._unread: frozenset[int] = frozenset()
        self._letter: SandboxLetter | None = None

    def compose(self) -> ComposeResult:
        yield Static("Mailbox", classes="mailbox-title", markup=False)
        yield Input(placeholder="address, name or subject", compact=True)
        with VerticalScroll():
            yield LetterText("", id="letter")
        yield Menu([])
        yield Static("", classes="mailbox-keys", markup=False)

    def on_mount(self) -> None:
        """Begin with the list."""
        self._say_keys()

    @property
    def letter(self) -> SandboxLetter | None:
        """What is being read; None in the list."""
        return self._letter

    def list(self, mails: Sequence[SandboxMail], unread: frozenset[int]) -> None:
        """Show these; the cursor stays on its mail, and on the newest one where it stood there."""
        if (mails, unread) == (self._mails, self._unread):
            return
        self._mails, self._unread = mails, unread
        self._fill()

    def on_resize(self) -> None:
        """Each line ends where the list does."""
        if self._mails:
            self._fill()

    def _fill(self) -> None:
        menu, mails = self.query_one(Menu), self._mails
        at = menu.highlighted_option.id if menu.highlighted and menu.highlighted_option else None
        menu.clear_options()
        menu.add_options(Option(self._words(mail), id=str(mail.id)) for mail in mails)
        if mails:
            menu.highlighted = next((row for row, mail in enumerate(mails) if str(mail.id) == at), 0)
        found = f" to “{self.words}”" if self.words else ""
        self.query_one(".mailbox-title", Static).update(Content(f"Mailbox of the sandbox{found}: {len(mails)}"))

    def read(self, letter: SandboxLetter) -> None:
        """Show a letter."""
        self._letter = letter
        self.add_class("-reading")
        self.query_one("#letter", Static).update(_shown(letter))
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_home(animate=False)
        scroll.focus()
        self._say_keys()

    def show_list(self) -> None:
        """Show the list, with the keys on it."""
        self._letter = None
        self.remove_class("-reading")
        self.query_one(Menu).focus()
        self._say_keys()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Read it."""
        event.stop()
        self.post_message(self.Opened(int(event.option_id or 0)))

    def key_enter(self) -> None:
        """Click the link of what is being read."""
        self.action_follow()

    @on(LetterText.Clicked)
    def action_follow(self) -> None:
        """Click the link."""
        if self._letter is not None and self._letter.link:
            self.post_message(self.Followed(self._letter.link))

    def action_back(self) -> None:
        """One step back."""
        if self.has_class("-searching"):
            self.remove_class("-searching")
            self.query_one(Input).value = ""
            self.show_list()
        elif self._letter is not None:
            self.show_list()
        else:
            self.post_message(self.Left())

    def action_search(self) -> None:
        """Type whose mails to list."""
        self.show_list()
        self.add_class("-searching")
        self.query_one(Input).focus()

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """List what has these words."""
        event.stop()
        self.words = event.value.strip()
        self.post_message(self.Narrowed())

    @on(Input.Submitted)
    def found(self, event: Input.Submitted) -> None:
        """To the list."""
        event.stop()
        self.query_one(Menu).focus()

    def _words(self, mail: SandboxMail) -> Content:
        new = mail.id in self._unread
        moment = f"{mail.at.astimezone():%d %b %H:%M}"
        width = max(30, self.size.width - _EDGES)
        return Content.assemble(
            ("● " if new else "  ", "$accent"),
            (shortened(mail.to_address, width - 2), "bold" if new else ""),
            "\n  ",
            (f"{moment} ", "$text-muted"),
            (shortened(mail.subject, width - len(moment) - 3), "bold" if new else "$text-muted"),
        )

    def _say_keys(self) -> None:
        if self._letter is None:
            words = "Enter read  / search  Esc stage"
        elif self._letter.link:
            words = "Enter clicks the link  Esc list"
        else:
            words = "Esc to the list"
        self.query_one(".mailbox-keys", Static).update(Content(words))


def _shown(letter: SandboxLetter) -> Content:
    mail = letter.mail
    head = Content.assemble(
        ("From    ", "$text-muted"),
        f"{letter.from_name} <{letter.from_address}>\n",
        ("To      ", "$text-muted"),
        f"{mail.to_name} <{mail.to_address}>\n" if mail.to_name else f"{mail.to_address}\n",
        ("Date    ", "$text-muted"),
        f"{mail.at.astimezone():%a %d %b %Y %H:%M}\n",
        ("Subject ", "$text-muted"),
        (f"{mail.subject}\n\n", "bold"),
    )
    before, link, after = letter.text.partition(letter.link) if letter.link else (letter.text, "", "")
    style = Style.parse("bold underline $text-primary") + Style.from_meta({"@click": "follow"})
    return Content.assemble(head, before, (link, style) if link else "", after)
