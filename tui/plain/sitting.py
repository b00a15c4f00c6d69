"""Who sits at the terminal, and what they may choose from."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.accounts.security_words import where
from services.actor import Actor, Origin
from services.desk import Desk
from services.errors import DeskError, Invalid, Locked, SignedOut, TooSoon
from services.remembered import Memory
from services.when import show_moment
from tui.faults import sentence_of, write_down
from tui.plain.dialogue import Back, Dialogue, Leave
from tui.ssh.arriving import Line, line_of
from tui.unsigned_words import PATIENCE, why_closed

Task = Callable[["Sitting"], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu."""

    words: str
    task: Task


class Sitting:
    """One terminal on one desk, and whoever is signed in there.

    Attributes:
        talk: what is said and asked.
        memory: who signed in here last, as far as that is kept here.
        ssh_key: the fingerprint of the key with which whoever sits there came over SSH; empty for none.
    """

    def __init__(self, desk: Desk, talk: Dialogue, origin: Origin, line: Line | None = None) -> None:
        """`line` is how somebody came here, unless they sit at the machine itself."""
        self.desk = desk
        self.talk = talk
        self.origin = origin
        self._line = line or line_of(desk, {})
        self.memory: Memory = self._line.memory
        self.ssh_key = self._line.key
        self._actor: Actor | None = None
        self._told: set[int] = set()
        talk.idle = self._left_alone
        talk.patience = self._patience

    @property
    def actor(self) -> Actor:
        """Whoever is signed in. Raises SignedOut for nobody."""
        if self._actor is None:
            raise SignedOut("Nobody is signed in. Sign in again.")
        return self._actor

    @property
    def signed_in(self) -> bool:
        """Whether somebody is."""
        return self._actor is not None

    def arrive(self, actor: Actor) -> None:
        """Somebody has a session now, though perhaps one that opens nothing yet."""
        self._actor = actor

    def sign_out(self) -> None:
        """End the session; harmless when there is none, or when it has ended by itself."""
        actor, self._actor = self._actor, None
        self._told = set()
        if actor is not None:
            with contextlib.suppress(DeskError):
                self.desk.sign_in.sign_out(actor)

    def look(self) -> None:
        """Whether the session still holds, and where else it is open, said once of each. Raises SignedOut."""
        if self._actor is None or self._actor.awaits is not None:
            return
        others = self.desk.own_sessions.look(self._actor).others
        if self._actor.limited:
            return
        now = self.desk.ctx.clock.now()
        for other in others:
            if other.id not in self._told:
                self._told.add(other.id)
                since = show_moment(other.since, now)
                self.talk.say(
                    f"You are also signed in elsewhere: {where(other)}, since {since}.",
                    "If that is not you, choose My password and security and end it.",
                )

    def menu(self, title: str, choices: Callable[[], Sequence[Choice]]) -> None:
        """Let somebody choose until they go back; what a task refuses is said, and costs no more than the task.

        Raises SignedOut, or Leave.
        """
        heard: list[str] = []
        self.talk.say(title)
        while True:
            offered = self._ready(choices)
            if offered is None:
                continue
            words = [choice.words for choice in offered]
            # Whoever knows the numbers need not hear them again, unless they stand for something else now.
            listed, heard = words != heard, words
            numbered = list(zip(offered, words, strict=True))
            try:
                chosen = self.talk.choose("Number, or ? for the choices", numbered, listed=listed)
            except Back:
                return
            self.do(chosen.task)
            self.talk.say(title)

    def do(self, task: Task) -> None:
        """Do it, and say what was refused. Raises SignedOut, or Leave."""
        try:
            task(self)
        except Back:
            return
        except (SignedOut, Leave):
            raise
        except Locked:
            self._unlock()
        except DeskError as refusal:
            self.talk.say_each(refusal.sentence)
        except Exception as error:  # noqa: BLE001 - a fault in a task costs that task, not the session
            self.talk.say_each("Something went wrong.", sentence_of(write_down(error)))

    def _ready(self, choices: Callable[[], Sequence[Choice]]) -> Sequence[Choice] | None:
        """What there is to choose from now; None after it was locked."""
        try:
            self.look()
            return choices()
        except Locked:
            self._unlock()
            return None

    def _patience(self) -> float | None:
        """How long a terminal may stand untouched."""
        if self._actor is None or self._actor.awaits is not None:
            return self._line.patience.total_seconds() if self._line.patience else None
        try:
            return self.desk.own_sessions.look(self._actor).idle.total_seconds()
        except DeskError:
            # What is the matter is told by the next thing that somebody wants of it.
            return None

    def _left_alone(self) -> None:
        """Nobody typed anything for a while: only the password goes on from here. Raises Leave where nobody has one."""
        actor = self._actor
        if actor is None or actor.awaits is not None:
            self.talk.say_each(why_closed(self._line.patience or PATIENCE))
            raise Leave
        self.desk.own_sessions.lock(actor, idle=True)
        self.talk.say("This desk is locked, since nobody touched it for a while.")
        self._unlock()

    def _unlock(self) -> None:
        """Ask for the password until it is right. Raises SignedOut, or Leave."""
        actor = self.actor
        before, self.talk.patience = self.talk.patience, lambda: None
        try:
            while True:
                try:
                    typed = self.talk.ask_secret(f"Password of {actor.name}", about=(_TO_UNLOCK,))
                    self.desk.own_sessions.unlock(actor, typed)
                except Back:
                    self.talk.say(_TO_UNLOCK)
                except (Invalid, TooSoon) as refusal:
                    self.talk.say_each(refusal.sentence)
                else:
                    self.talk.say("Unlocked. Go on where you were.")
                    return
        finally:
            self.talk.patience = before


_TO_UNLOCK = "Type your password to go on, or q to sign out and leave."
