"""The ways in which the desk says no.

Every refusal that a person may see is a `DeskError`; its text is a whole sentence that says what is wrong and
what to do. Anything else that escapes a service is a fault of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


class DeskError(Exception):
    """A refusal with a sentence for the person at the screen."""

    @property
    def sentence(self) -> str:
        """What is wrong and what to do about it."""
        return str(self)


class Invalid(DeskError):
    """Some fields do not hold; nothing was stored.

    Attributes:
        problems: field name to sentence, in the order of the form.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class Refused(DeskError):
    """The action is not allowed now, or not by this person; the sentence gives the reason and the next step."""


class WrongSignIn(Refused):
    """The one answer to every failed sign-in: it tells nobody which part was wrong.

    Attributes:
        wait: seconds until the next try is heard.
    """

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


class Forbidden(Refused):
    """The actor's role lacks the right for it; that somebody tried stands in the audit.

    Attributes:
        write_down: writes the entry, unless somebody around the call writes a fuller one; needs no connection.
    """

    def __init__(self, sentence: str, write_down: Callable[[], None]) -> None:
        super().__init__(sentence)
        self.write_down = write_down


class NotFound(Refused):
    """The row is not there, or not in this agency; which of the two is nobody's business."""


class Conflict(DeskError):
    """Somebody else changed the row since it was read; nothing was stored.

    Attributes:
        theirs: the row as it stands now, in the same value type that was read.
        changed_by: who changed it last.
    """

    def __init__(self, sentence: str, theirs: object, changed_by: str) -> None:
        super().__init__(sentence)
        self.theirs = theirs
        self.changed_by = changed_by


class TooSoon(DeskError):
    """Asked again before the wait was over.

    Attributes:
        wait: seconds until the next try is heard, rounded up; at least 1.
    """

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


class SignedOut(DeskError):
    """The session has ended: by time, by a change of the account, or by somebody else's hand."""


class Locked(DeskError):
    """The session is locked: it opens nothing until its owner types the password again."""


class Unavailable(DeskError):
    """The database cannot serve right now; nothing was stored and trying again is safe."""
