"""Who asks, and from where."""

from __future__ import annotations

from dataclasses import dataclass

from models.states import Awaited, Role, Surface


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from.

    Attributes:
        surface: the kind of program.
        place: the peer's address, the local user and terminal, or the name of the kiosk, as the audit shows it.
        kiosk_id: which kiosk it is, on that surface.
    """

    surface: Surface
    place: str = ""
    kiosk_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in, or an administrator at the machine's own command line.

    Attributes:
        session_id: the session's row; None at the command line, where the operating system vouches for the person.
        identity_id: the account; None at the command line, and for somebody who came in by the access key.
        legacy_user_id: the account of the old system that the access key opened.
        limited: whether the session opens nothing yet but what the person still owes.
        awaits: what is still missing of the sign-in, for a session that opens nothing at all.
    """

    agency_id: int
    identity_id: int | None
    session_id: int | None
    name: str
    role: Role
    origin: Origin
    legacy_user_id: int | None = None
    limited: bool = False
    awaits: Awaited | None = None

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody who works for the agency."""
        return self.role is not Role.CLIENT
