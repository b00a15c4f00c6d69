"""The stage's post: delivers what waits in the sandbox, lists what has come, and opens it."""

from __future__ import annotations

import asyncio
import contextlib

from services.errors import DeskError
from services.sandbox.mailbox import SandboxLetter, SandboxMail, SandboxMailbox
from services.sandbox.sandbox import Sandbox
from tui.demo.mailbox_view import MailboxView
from tui.demo.stage import Stage

MAIL_WITHIN = 10.0
"""Seconds in which a mail has come that somebody waits for."""

_AGAIN = 0.1


class Post:
    """Between the sandbox's mailbox and the one on the stage."""

    def __init__(self, box: Sandbox, stage: Stage) -> None:
        """`box` is built."""
        self._box = box
        self._stage = stage
        self._mailbox = SandboxMailbox(box.desk)
        self._old = self._mailbox.newest()
        self._read: set[int] = set()
        self._mails: tuple[SandboxMail, ...] = ()

    def forget(self) -> None:
        """A scene begins: nothing has been read, and what it begins with is nobody's news."""
        self._old, self._read = self._mailbox.newest(), set()

    async def look(self) -> None:
        """Deliver what waits, and list what has come."""
        words = self._view.words

        def look() -> tuple[SandboxMail, ...]:
            with self._box.replacing:
                self._box.deliver()
                return self._mailbox.mails(words)

        with contextlib.suppress(DeskError):
            self._mails = await asyncio.to_thread(look)
        self._list()

    async def await_mail(self, to: str, about: str) -> SandboxMail:
        """The newest mail to an address with these words in its subject that nobody has read, once it has come.

        If none comes, it is the newest of those that were read; one that lies open is taken at once. Raises
        TimeoutError.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + MAIL_WITHIN
        while True:
            await self.look()
            found = [
                mail for mail in self._mails if mail.to_address == to and about.casefold() in mail.subject.casefold()
            ]
            fresh = [mail for mail in found if self._is_new(mail)]
            late = clock() > until
            if fresh:
                return fresh[0]
            if found and (late or self._lies_open(found[0])):
                return found[0]
            if late:
                raise TimeoutError
            await asyncio.sleep(_AGAIN)

    async def open(self, number: int) -> str:
        """Show a letter. Returns its link, empty for none. Raises NotFound."""

        def read() -> SandboxLetter:
            with self._box.replacing:
                return self._mailbox.letter(number)

        letter = await asyncio.to_thread(read)
        self._read.add(number)
        self._view.read(letter)
        self._list()
        return letter.link

    @property
    def _view(self) -> MailboxView:
        return self._stage.query_one(MailboxView)

    def _is_new(self, mail: SandboxMail) -> bool:
        return mail.id > self._old and mail.id not in self._read

    def _lies_open(self, mail: SandboxMail) -> bool:
        letter = self._view.letter
        return letter is not None and letter.mail.id == mail.id

    def _list(self) -> None:
        unread = frozenset(mail.id for mail in self._mails if self._is_new(mail))
        self._view.list(self._mails, unread)
        self._stage.bottom.show_unread(len(unread))
