"""The SSH keys of a colleague, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.base import DeskScreen
from screens.clients.words import called
from screens.dialogs.ask_line import AskLine
from screens.dialogs.confirm import Confirm
from screens.ssh_keys.key_list import KeyList
from screens.verification.verifying import verify_caller
from screens.widgets import forms
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import Invalid
from services.person_key import PersonKey
from services.ssh_keys.public_key import PublicKey
from services.ssh_keys.values import SshKeysView, SshKeyView
from services.verification.standing import NotVerified

_STANDS_FOR = "A key stands for company code, user name and password over SSH; a second factor is still asked for."
_NONE = "No SSH key opens the account of {name}."
_SOME = "SSH keys of {name}."


class AskKey(AskLine[str]):
    """The line of a public key, to be pasted."""

    CSS_PATH = "../dialogs/ask_path.tcss"

    def __init__(self, name: str, typed: str = "", problem: str = "") -> None:
        """`problem` is what was wrong with what was `typed` before."""
        super().__init__(
            f"Bind an SSH key to the account of {name}",
            "Public key",
            typed,
            str,
            id="line",
            hint="The line of the .pub file.",
            check=forms.needed('Paste the line of the file that ends in ".pub".'),
            problem=problem,
        )


class KeysOfPerson(KeyList, inherit_bindings=False):
    """Bound by pasting a line, after a question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "bind", "Bind a key", id="ssh_keys.bind", tooltip="Let another key open this account"),
        *KeyList.BINDINGS,
        *DeskScreen.BINDINGS,
    ]

    def __init__(self, place: Workplace, actor: Actor, person: PersonKey) -> None:
        super().__init__(place, actor)
        self._person = person
        self._seen: SshKeysView | None = None

    async def read(self) -> tuple[str, Sequence[SshKeyView]]:
        """Whose they are, and what a key is good for."""
        seen = self._seen = await self.call(self.desk.ssh_keys.of, self.actor, self._person)
        live = any(key.revoked_at is None for key in seen.keys)
        words = (_SOME if live else _NONE).format(name=called(seen.owner))
        return f"{words} {seen.why_not or _STANDS_FOR}", seen.keys

    async def take_off(self, key: SshKeyView) -> None:
        """Revoke it."""
        await self.call(self.desk.ssh_keys.revoke, self.actor, key.fingerprint)

    def what_ends(self, key: SshKeyView) -> Sequence[str]:
        """For its owner."""
        return (f"It opens nothing any more, and what was signed in with it ends. {called(key.owner)} gets a notice.",)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What stands in the way is told above the list."""
        if action == "bind":
            return self._seen is not None and not self._seen.why_not
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_bind(self) -> None:
        """Take the line, ask, and bind it."""
        if self._seen is None or self._seen.why_not or not self.is_active:
            return
        name = called(self._seen.owner)
        line, problem = "", ""
        while True:
            told = await self.app.push_screen_wait(AskKey(name, line, problem))
            if told is None:
                return
            async with self.problems_told():
                try:
                    key = await self.call(self.desk.ssh_keys.review, self.actor, self._person, told)
                except Invalid as refusal:
                    line, problem = told, refusal.sentence
                    continue
                if await self.app.push_screen_wait(_question(name, key)) and await self._bind(told):
                    self.notify(f"The key is bound. {name} gets a notice.", markup=False)
            self.load()
            return

    async def _bind(self, line: str) -> bool:
        """Bind it; if the caller is not known surely enough, verify first. Tells whether that was done."""
        while True:
            try:
                await self.call(self.desk.ssh_keys.bind, self.actor, self._person, line)
            except NotVerified as lacking:
                if not await verify_caller(self, self.actor, self._person, lacking.needed):
                    return False
            else:
                return True


def _question(name: str, key: PublicKey) -> Confirm:
    return Confirm(
        f"Bind this key to the account of {name}?",
        [
            key.fingerprint,
            f"{key.kind}, {key.comment or 'no comment'}",
            "",
            f"Whoever holds it signs in over SSH without the password. Be sure that it is {name}'s: compare the "
            "fingerprint with them.",
            "A notice of it goes to them.",
        ],
        yes="Bind it",
        no="Leave it",
    )
