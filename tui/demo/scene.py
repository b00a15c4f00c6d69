"""What a scene is: how it begins, what the presenter reads in each part, and what plays it by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.desk import Desk


class Place(StrEnum):
    """What can stand on the stage; each is the real program in a terminal of its own."""

    DESK = "desk"
    """Helpdesk staff at their desk."""

    PERSON = "person"
    """Somebody in their browser: a link of a mail, or the sign-in form."""

    KIOSK = "kiosk"
    """The locked terminal in the lobby."""


@dataclass(frozen=True, slots=True)
class Say:
    """A caption, shown below the stage until the next one."""

    words: str


@dataclass(frozen=True, slots=True)
class Press:
    """Keys on the present place, by name: "enter", "f2", "ctrl+l", "e"."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """Text, sign by sign, at a human pace.

    Attributes:
        words: the text, or what finds it in the sandbox at that moment (the code of a mail, of an authenticator app).
        hidden: whether a caption or a recording must not tell it in words.
        known_as: how the presenter's notes call what is found in the sandbox.
    """

    words: str | Callable[[Desk], str]
    hidden: bool = False
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class Await:
    """Go on once the present place shows the text; fails the scene after so many seconds."""

    text: str
    seconds: float = 15


@dataclass(frozen=True, slots=True)
class Show:
    """Put another place on the stage, opening it if it is not there yet."""

    place: Place


@dataclass(frozen=True, slots=True)
class ReadMail:
    """Open the newest mail to an address in the sandbox's mailbox, once it has come.

    Attributes:
        about: words of its subject, where an address has several mails.
        follow: whether its link is clicked, which opens it in the person's browser.
    """

    to: str
    about: str = ""
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Jump:
    """Put the sandbox's clock forward."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Pause:
    """Time to read, in seconds at the usual pace."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that a picture is drawn of; recordings carry it as a marker."""

    name: str


Beat = Say | Press | Type | Await | Show | ReadMail | Jump | Pause | Mark


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a scene.

    Attributes:
        title: a few words, as the presenter's notes list it.
        notes: what the presenter says and does by hand, in short paragraphs.
        beats: what autoplay does instead.
    """

    title: str
    notes: str
    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A story to start from by one key.

    Attributes:
        key: the key that starts it in the menu; name: as people call it and as a command takes it.
        prepare: makes the sandbox's people what they are at its beginning, through services only; runs once for each
            sandbox, on a copy of the base, and its outcome is kept, so that a reset is a copy of one file.
        signed_in: the e-mail address of the one whose desk is open at the beginning; empty for the sign-in form.
        opens: what stands on the stage at the beginning, the first of it shown.
    """

    key: str
    name: str
    summary: str
    parts: tuple[Part, ...]
    prepare: Callable[[Desk], None]
    signed_in: str = ""
    opens: tuple[Place, ...] = (Place.DESK,)
