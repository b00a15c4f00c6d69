"""Supervised release: an agent who knows the person lets them pass the step at which the kiosk waits."""

from __future__ import annotations

from dataclasses import dataclass

from models.help_queue import KioskVisit, StepRelease
from models.identity import Identity
from models.kiosk import Kiosk
from models.states import IdentityState, KioskStep, Role
from services import agency_policy, audit, persons, rights, sessions
from services.accounts.identities import held, hold
from services.actor import Actor, Origin
from services.approvals import granted
from services.approvals.values import Dangerous, NeedsSecondPerson
from services.context import Context
from services.credentials import factor
from services.errors import NotFound, Refused
from services.help_queue import signals
from services.kiosks import released
from services.person_key import PersonKey
from services.rights import Right
from services.text import safe
from services.verification import standing as caller
from services.verification.standing import NotVerified
from services.verification.values import Level

NEEDED = {
    KioskStep.CODE: Level.CHANGE_EMAIL,
    KioskStep.QUESTIONS: Level.CHANGE_EMAIL,
    KioskStep.SECOND_FACTOR: Level.CLEAR_FACTOR,
}
"""How surely the person must be known for each step: as for a new mailbox, and as for clearing the second factor."""

WORDS = {
    KioskStep.CODE: "the mailed code",
    KioskStep.QUESTIONS: "the security questions",
    KioskStep.SECOND_FACTOR: "the second factor",
}
"""What somebody is let pass, after "let them pass"."""

_NOT_HERE = "There is no such visit. The person may have left the kiosk."
_GONE = "The person has left the kiosk. There is nothing to let them pass any more."
_NOTHING = "The kiosk asks for nothing now that you could let the person pass."
_NOBODY = "Nobody in your lists has the address that was typed at the kiosk. Ask the person to type it again."
_OWN = "This is your own account: nobody vouches for themselves. Ask a colleague."
_ABOVE = "The role {} may do more than yours: ask somebody who may do as much."
_DEACTIVATED = "The account is deactivated. Reactivate it first."
_NO_FACTOR = "This account has no second factor any more. Ask the person to start again."
_OPEN = "The step is open already. The kiosk goes on by itself."
_OTHER_STEP = "The kiosk asks for something else by now. Look again."
_NO_SESSION = "The command line talks to nobody. Sign in at the desk to let somebody pass."


@dataclass(frozen=True, slots=True)
class ReleaseOffer:
    """Whether an agent may let the person at a kiosk pass, and what.

    Attributes:
        step: what the kiosk waits for; None for nothing.
        person: whose address was typed there, which proves nothing; None for nobody in sight.
        needed: how surely the person must be known.
        how: by what they are known to this session; empty for by nothing.
        why_not: why it is not possible now, and what to do; empty if it is.
    """

    step: KioskStep | None
    person: PersonKey | None
    name: str
    address: str
    needed: Level
    how: str
    why_not: str

    @property
    def allowed(self) -> bool:
        """Whether `release` would do it."""
        return not self.why_not

    @property
    def follows(self) -> tuple[str, ...]:
        """What the agent should know before they agree."""
        known = (f"You know them by {self.how}.",) if self.how else ()
        return (
            f"Whoever stands at the kiosk then chooses a new password for {self.address}.",
            *known,
            "It works once, for ten minutes, for this visit only. It is written down that you vouched.",
        )


class Releases:
    """Lets people at kiosks pass a step without its proof."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def offer(self, actor: Actor, visit_id: int) -> ReleaseOffer:
        """What could be released now. Raises NotFound for a visit elsewhere, Forbidden or SignedOut."""
        with self._ctx.read():
            visit, person, identity = self._seen(actor, visit_id)
            known = caller.standing_of(self._ctx, actor, identity.id if identity else 0)
            why_not = self._why_not(actor, visit, identity)
            if not why_not and identity is not None and visit.step is not None:
                why_not = self._why_unknown(actor, identity, visit.step, known.level)
            return ReleaseOffer(
                step=visit.step,
                person=person,
                name=safe(identity.name) if identity else "",
                address=safe(identity.email) if identity else "",
                needed=Level.LOOK if visit.step is None else NEEDED[visit.step],
                how=known.how,
                why_not=why_not,
            )

    def release(self, actor: Actor, visit_id: int, step: KioskStep) -> None:
        """Open one step to the person at the kiosk, once and for ten minutes; the kiosk goes on by itself.

        Raises NotFound, Refused, NotVerified, NeedsSecondPerson, Forbidden or SignedOut.
        """
        with self._ctx.read():
            _, person, identity = self._seen(actor, visit_id, Right.ACT)
            identity_id = identity.id if identity else 0
        recorded = audit.refusals_recorded(
            self._ctx,
            actor,
            audit.Action.STEP_RELEASED,
            **persons.numbers(person),
            identity_id=identity_id or None,
            subject=identity.name if identity else "",
        )
        with recorded, self._ctx.unit():
            self._release(actor, visit_id, step, identity_id)

    def for_visit(self, origin: Origin, visit_id: int) -> frozenset[KioskStep]:
        """What is open to whoever stands at the kiosk; one read, for the kiosk to ask every second."""
        with self._ctx.read():
            return released.steps(self._ctx, origin, visit_id)

    def _release(self, actor: Actor, visit_id: int, step: KioskStep, identity_id: int) -> None:
        identity = hold(self._ctx, identity_id)
        # The visit too: of two agents who let the same person pass at once one is told that it is done.
        held(self._ctx, KioskVisit.select(KioskVisit.id).where(KioskVisit.id == visit_id)).execute()
        visit, person, _ = self._seen(actor, visit_id, Right.ACT)
        if person is None or identity is None or visit.identity_id != identity.id:
            raise Refused(self._why_not(actor, visit, None))
        if told := self._why_not(actor, visit, identity):
            raise Refused(told)
        if visit.step is not step:
            raise Refused(_OTHER_STEP)
        shown = caller.require(self._ctx, actor, identity, NEEDED[step])
        dangerous = _dangerous(identity, step)
        if dangerous is not None:
            shown = (granted.claim(self._ctx, actor, identity, dangerous) or {}) | shown
        # The kiosk waits for it.
        signals.tell(self._ctx)
        now = self._ctx.clock.now()
        StepRelease.create(
            visit=visit,
            identity=identity,
            step=step,
            agent=actor.identity_id,
            verified=shown.get("verified", "")[:300],
            created_at=now,
            expires_at=now + released.HELPS_FOR,
        )
        audit.record(
            self._ctx,
            actor,
            audit.Action.STEP_RELEASED,
            **persons.numbers(person),
            identity_id=identity.id,
            subject=identity.name,
            details={"step": step.value, "kiosk": visit.kiosk.name, **shown},
        )

    def _seen(
        self, actor: Actor, visit_id: int, right: Right = Right.LOOK
    ) -> tuple[KioskVisit, PersonKey | None, Identity | None]:
        """The visit, and whose address was typed there; nobody, for an account whose owner the actor does not see."""
        sessions.require_staff(self._ctx, actor, right)
        ours = (KioskVisit.id == visit_id) & (Kiosk.agency == actor.agency_id)
        visit: KioskVisit | None = KioskVisit.select().join(Kiosk).where(ours).first()
        if visit is None:
            raise NotFound(_NOT_HERE)
        person = persons.behind(actor, visit.identity_id) if visit.identity_id is not None else None
        return visit, person, (Identity.get_by_id(visit.identity_id) if person is not None else None)

    def _why_not(self, actor: Actor, visit: KioskVisit, identity: Identity | None) -> str:
        """Whatever has nothing to do with how surely the person is known; empty if nothing forbids it."""
        if actor.session_id is None or actor.identity_id is None:
            return _NO_SESSION
        if visit.ended_at is not None or visit.kiosk.revoked_at is not None:
            return _GONE
        if visit.step is None:
            return _NOTHING
        if identity is None:
            return _NOBODY
        needed = (Right.ACT, Right.CLEAR_FACTOR) if visit.step is KioskStep.SECOND_FACTOR else (Right.ACT,)
        if told := next((told for right in needed if (told := rights.why_not(actor.role, right))), ""):
            return told
        if identity.id == actor.identity_id:
            return _OWN
        if not rights.reaches(actor.role, identity.role):
            return _ABOVE.format(identity.role)
        if identity.state is IdentityState.DEACTIVATED:
            return _DEACTIVATED
        if visit.step is KioskStep.SECOND_FACTOR and not factor.is_enrolled(identity.id):
            return _NO_FACTOR
        origin = Origin(actor.origin.surface, kiosk_id=visit.kiosk_id)
        return _OPEN if visit.step in released.steps(self._ctx, origin, visit.id) else ""

    def _why_unknown(self, actor: Actor, identity: Identity, step: KioskStep, reached: Level) -> str:
        """Why the person is not known surely enough, or a colleague's yes is missing; empty if neither is so."""
        if reached < NEEDED[step]:
            return NotVerified(NEEDED[step]).sentence
        dangerous = _dangerous(identity, step)
        if dangerous is None or not agency_policy.policy_of(identity.agency).second_person:
            return ""
        waits = not granted.is_granted(self._ctx, actor, identity, dangerous)
        return NeedsSecondPerson(dangerous).sentence if waits else ""


def _dangerous(identity: Identity, step: KioskStep) -> Dangerous | None:
    """What it comes to, where an agency may ask for a second person's yes."""
    if step is KioskStep.SECOND_FACTOR:
        return Dangerous.CLEAR_FACTOR
    if step is KioskStep.CODE and identity.role is Role.ADMINISTRATOR:
        return Dangerous.RESET_ADMINISTRATOR
    return None
