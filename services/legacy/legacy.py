"""The accounts of the old system: the way in by access key, the way over to an identity, and the end of it all."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.agency import Agency
from models.client import Client
from models.identity import Identity, LegacyUser, Session
from models.staff import StaffMember
from models.states import LegacyState
from services import audit, sessions
from services.accounts.identities import held
from services.actor import Actor, Origin
from services.context import Context
from services.credentials.passwords import Secret
from services.errors import Invalid, NotFound, Refused
from services.legacy import board as legacy_board
from services.legacy.sign_in import LegacySignIn
from services.legacy.values import PAST_DAY, WHOLE_AGENCY, Board, hold_agency
from services.offices import require_whole_agency
from services.rights import Right
from services.text import safe
from services.when import show_moment

FARTHEST = timedelta(days=730)
"""How far ahead the day may lie on which the access key closes; later ones are slips of the keyboard."""


def migrate(ctx: Context, actor: Actor, legacy_user_id: int, identity: Identity) -> None:
    """Close the old account for good because the identity takes its place; call it inside `ctx.unit()`.

    Further old accounts under the same e-mail address go with it. Raises NotFound, or Refused if the account went
    over to somebody else before.
    """
    row: LegacyUser | None = held(
        ctx,
        LegacyUser.select().where((LegacyUser.id == legacy_user_id) & (LegacyUser.agency == identity.agency_id)),
    ).first()
    if row is None:
        raise NotFound("This account of the old system is not here any more. Go back and look again.")
    if row.state is LegacyState.MIGRATED:
        if row.identity_id == identity.id:
            return
        raise Refused(
            f"The old account {safe(row.user_name)} has been migrated to somebody else's account already. "
            "Go on without it, or ask an administrator."
        )
    now = ctx.clock.now()
    together = LegacyUser.id == row.id
    if row.email_key:
        together |= (LegacyUser.agency == row.agency_id) & (LegacyUser.email_key == row.email_key)
    LegacyUser.update(state=LegacyState.MIGRATED, identity=identity, migrated_at=now).where(
        together & (LegacyUser.state == LegacyState.WAITING)
    ).execute()
    staff = StaffMember.select(StaffMember.id).where(StaffMember.identity == identity.id).first()
    client = Client.select(Client.id).where(Client.identity == identity.id).first()
    audit.record(
        ctx,
        actor,
        audit.Action.LEGACY_MIGRATED,
        client_id=client.id if client else None,
        staff_id=staff.id if staff else None,
        identity_id=identity.id,
        subject=identity.email,
        details={"user_name": row.user_name},
    )


class Legacy:
    """Looks after the old accounts until nobody needs them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._door = LegacySignIn(ctx)

    def sign_in(self, access_key: str, user_name: str, password: Secret, office: str, origin: Origin) -> Actor:
        """Open a session for somebody who is not migrated yet.

        Raises TooSoon; WrongAccess for every kind of failure; Refused, only after the right password, for an account
        that the access key does not open any more.
        """
        return self._door.sign_in(access_key, user_name, password, office, origin)

    def board(self, actor: Actor, office_id: int | None = None) -> Board:
        """Old and new side by side, for one office or for all that the asker may look at.

        Raises NotFound for an office that is not theirs, Refused or SignedOut.
        """
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.BOARD)
            return legacy_board.board_of(self._ctx, actor, office_id)

    def close_at(self, actor: Actor, moment: datetime) -> None:
        """Set when the access key closes for everybody; one of today that has come closes it now and ends its sessions.

        Raises Invalid for `closes_at`, Refused or SignedOut.
        """
        now = self._ctx.clock.now()
        if moment.astimezone().date() < now.astimezone().date():
            raise Invalid({"closes_at": PAST_DAY})
        if moment > now + FARTHEST:
            raise Invalid({"closes_at": "This is more than two years ahead. Check the year."})
        with audit.refusals_recorded(self._ctx, actor, audit.Action.LEGACY_CLOSED), self._ctx.unit():
            _require_closer(self._ctx, actor)
            # Somebody who signs in at this moment does it before, and is sent out, or after, and finds it closed.
            hold_agency(self._ctx, actor.agency_id)
            at = max(moment, now)
            Agency.update(legacy_closes_at=at).where(Agency.id == actor.agency_id).execute()
            ours = LegacyUser.select(LegacyUser.id).where(LegacyUser.agency == actor.agency_id)
            open_ones = Session.legacy_user.in_(ours) & Session.ended_at.is_null()
            if at <= now:
                Session.update(ended_at=now, ended_because="the access key was closed").where(open_ones).execute()
            else:
                Session.update(expires_at=at).where(open_ones & (Session.expires_at > at)).execute()
            audit.record(
                self._ctx,
                actor,
                audit.Action.LEGACY_CLOSED,
                details={"closes_at": at.isoformat(timespec="minutes")},
            )

    def undo_close(self, actor: Actor) -> None:
        """Take the closing back, before or after its day. Raises Refused or SignedOut."""
        with audit.refusals_recorded(self._ctx, actor, audit.Action.LEGACY_REOPENED), self._ctx.unit():
            _require_closer(self._ctx, actor)
            agency = hold_agency(self._ctx, actor.agency_id)
            if agency.legacy_closes_at is None:
                raise Refused("No day is set on which the access key closes, so there is nothing to take back.")
            Agency.update(legacy_closes_at=None).where(Agency.id == agency.id).execute()
            audit.record(
                self._ctx,
                actor,
                audit.Action.LEGACY_REOPENED,
                details={"closed_at": show_moment(agency.legacy_closes_at, self._ctx.clock.now())},
            )


def _require_closer(ctx: Context, actor: Actor) -> None:
    sessions.require_staff(ctx, actor, Right.CLOSE_KEY)
    require_whole_agency(actor, WHOLE_AGENCY)
