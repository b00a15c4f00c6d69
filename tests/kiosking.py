"""Shorthands for tests in which somebody stands at a kiosk."""

from __future__ import annotations

from models.agency import Agency
from models.identity import Identity, OneTimeToken
from models.kiosk import Kiosk
from models.states import KioskStep, TokenPurpose
from services.actor import Actor, Origin
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.kiosks.reset_values import CodeAsked, KioskOpened, KioskProof, KioskReset
from services.kiosks.values import KioskView
from tests import making
from tests.making import Secrets
from tests.recovering import NEW, USER
from tests.services.help_queue.asking import make_kiosk

NONE = Secret("")
WRONG = Secret("ZZZZ-7777")


def kiosk_codes(ctx: Context, identity: Identity) -> list[OneTimeToken]:
    """The codes that kiosks have asked for, oldest first."""
    return making.tokens_of(ctx, identity, TokenPurpose.KIOSK)


def newest_code(ctx: Context, identity: Identity) -> Secret:
    """What stands in the newest mail for a kiosk."""
    return Secret(making.secrets_of(ctx, kiosk_codes(ctx, identity)[-1]).code)


def newest_secrets(ctx: Context, identity: Identity) -> Secrets:
    """The same, with the link that no mail carries."""
    return making.secrets_of(ctx, kiosk_codes(ctx, identity)[-1])


class Person:
    """Somebody in front of a new kiosk, or of one that stands."""

    def __init__(self, desk: Desk, agency: Agency, name: str = "Lobby", *, at: Origin | None = None) -> None:
        self.desk = desk
        self.origin = at or make_kiosk(desk, agency, name)
        self.visit = desk.visits.begin(self.origin)

    def ask(self, email: str = USER) -> CodeAsked:
        """Write an address twice."""
        return self.desk.kiosk_resets.ask(self.origin, self.visit, email, email)

    def asked(self, identity: Identity) -> Secret:
        """The same, and read the mail."""
        self.ask(identity.email)
        return newest_code(self.desk.ctx, identity)

    def open(self, code: Secret, email: str = USER) -> KioskOpened:
        """Type a code; none where an agent let them pass it."""
        return self.desk.kiosk_resets.open(self.origin, self.visit, KioskProof(email, code))

    def choose(
        self,
        code: Secret,
        password: Secret = NEW,
        *,
        email: str = USER,
        answers: tuple[Answered, ...] = (),
        factor: Secret = NONE,
    ) -> KioskReset:
        """Everything at once, and a new password."""
        proof = KioskProof(email, code, answers, factor)
        return self.desk.kiosk_resets.choose_password(self.origin, self.visit, proof, password)

    def let_be_mailed(
        self, code: Secret, *, email: str = USER, answers: tuple[Answered, ...] = (), factor: Secret = NONE
    ) -> KioskReset:
        """Everything at once, and a temporary password."""
        proof = KioskProof(email, code, answers, factor)
        return self.desk.kiosk_resets.send_temporary(self.origin, self.visit, proof)

    def at(self, step: KioskStep | None) -> None:
        """What the screen waits for."""
        self.desk.visits.at_step(self.origin, self.visit, step)

    def let_pass(self, agent: Actor, step: KioskStep) -> None:
        """The screen waits for a step, and an agent opens it."""
        self.at(step)
        self.desk.releases.release(agent, self.visit, step)


def view_of(desk: Desk, origin: Origin) -> KioskView:
    """A kiosk as its own program sees it."""
    with desk.ctx.read():
        row = Kiosk.get_by_id(origin.kiosk_id)
        agency = row.agency
    return KioskView(
        id=row.id,
        agency_id=agency.id,
        name=row.name,
        agency_name=agency.name,
        company_code=agency.code,
        phone=agency.phone,
        email=agency.email,
        office="",
        theme="",
        enrolled_at=row.enrolled_at,
        enrolled_by=row.enrolled_by,
        seen_at=None,
        revoked_at=row.revoked_at,
    )
