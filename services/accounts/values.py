"""What is said of an account that somebody has: frozen values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.states import IdentityState, Role
from services.creation.values import OfficeChoice
from services.person_key import PersonKey


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as it stands, with the eyes of somebody who may change it, or may not.

    Attributes:
        version: of the account, which a change must name.
        since: when the state began; by: who brought it about; reason: why, if anybody wrote it.
        signed_in_at: when the last session began, None if there was none.
        role: what the account may do.
        roles: what the actor may make of it; empty where there is nothing to choose.
        offices: those that the actor may give, by name; empty where there is nothing to choose.
        ticked: those of them whose people the account sees; others that it sees are nobody's business here.
        whole_agency: whether none ticked means all offices, for the actor looks after all of them.
        locked: why nothing at all can be changed; empty if something can.
        offices_locked: why the offices cannot be changed; empty if they can, or if nothing can.
    """

    person: PersonKey
    version: int
    name: str
    user_name: str
    company_code: str
    state: IdentityState
    since: datetime
    by: str
    reason: str
    signed_in_at: datetime | None
    role: Role
    roles: tuple[Role, ...]
    offices: tuple[OfficeChoice, ...]
    ticked: tuple[int, ...]
    whole_agency: bool
    locked: str
    offices_locked: str

    @property
    def change(self) -> AccessChange:
        """What would be stored if nobody changed anything."""
        return AccessChange(self.version, self.role, self.ticked)


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What shall stand.

    Attributes:
        version: of the account as it was read.
        offices: of those that the actor may give, the ones whose people the account sees; empty for the whole agency.
    """

    version: int
    role: Role
    offices: tuple[int, ...] = ()
