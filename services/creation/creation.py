"""Creates an account for one person: shown first in every detail, then done in one piece."""

from __future__ import annotations

from models.agency import Agency, Office
from models.identity import OneTimeToken
from models.outbox import OutboxMessage
from models.states import MailPurpose, MailState, Role, TokenPurpose
from services import audit, persons, sessions
from services.actor import Actor
from services.agency_policy import policy_of
from services.context import Context
from services.creation.checks import candidates, may_give
from services.creation.making import check, make, planned, welcome_of
from services.creation.values import (
    Candidate,
    CreationPlan,
    CreationResult,
    CreationReview,
    MailStanding,
    OfficeChoice,
    Preview,
)
from services.credentials import tokens
from services.errors import NotFound
from services.mail.facts import AgencyFacts, MailFacts
from services.mail.outbox import WAITING
from services.mail.render import Renderer, in_words
from services.mail.trail import outcome_of
from services.offices import own_offices
from services.person_key import PersonKey, PersonKind
from services.rules import Email
from services.text import safe

_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


class IdentityCreation:
    """Looks at a person, tells what would happen, and does it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def preview(self, actor: Actor, person: PersonKey) -> Preview:
        """The person as they stand now, and what the actor may give them. Raises NotFound, Refused or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            persons.find(actor, person)
            candidate = candidates(actor, [person])[0]
            own = own_offices(actor)
            offices = Office.select().where(Office.agency == actor.agency_id).order_by(Office.name_key)
            return Preview(
                candidate=candidate,
                plan=planned(candidate),
                company_code=Agency.get_by_id(actor.agency_id).code,
                offices=tuple(OfficeChoice(row.id, safe(row.name)) for row in offices if own is None or row.id in own),
                whole_agency=own is None,
                roles=_roles(actor, person),
            )

    def review(self, actor: Actor, plan: CreationPlan) -> CreationReview:
        """What will happen, the mail included, with nothing stored. Raises Invalid, NotFound, Refused or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            row = persons.find(actor, plan.person)
            candidate = candidates(actor, [plan.person])[0]
            email = check(actor, candidate, plan)
            agency = Agency.get_by_id(actor.agency_id)
            mail = Renderer(self._ctx.settings, self._ctx.keys.mail).render(
                self._facts(actor, agency, persons.name_of(row), email), self._ctx.clock.now(), hide_secrets=True
            )
            return CreationReview(
                tuple(self._sentences(actor, agency, candidate, plan, email)), mail.subject, mail.text
            )

    def create(self, actor: Actor, plan: CreationPlan) -> CreationResult:
        """Create the account as planned, or nothing at all.

        Raises Invalid, NotFound or SignedOut; Refused also for the slower of two who try at once.
        """
        recorded = audit.refusals_recorded(
            self._ctx,
            actor,
            audit.Action.ACCOUNT_CREATED,
            **persons.numbers(plan.person),
        )
        with recorded, self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            return make(self._ctx, actor, plan)

    def mail_standing(self, actor: Actor, message_id: int) -> MailStanding:
        """Where the welcome mail is now; it may be asked of a session that the creation ended. Raises NotFound."""
        with self._ctx.read():
            sessions.require_right(self._ctx, actor)
            message = welcome_of(message_id, actor)
            if message is None:
                raise NotFound("This mail is no longer here.")
            token = OneTimeToken.get_or_none(OneTimeToken.message == message.id)
            words = outcome_of(message, token, self._ctx.clock.now())
            return MailStanding(message.state, self._in_full(message, words), message.state not in WAITING)

    def _in_full(self, message: OutboxMessage, words: str) -> str:
        if message.state is MailState.SENT and not self._ctx.settings.mail.host:
            return f"kept in the Mail tab, since no mail server is configured: {words}"
        return words

    def _facts(self, actor: Actor, agency: Agency, name: str, email: Email) -> MailFacts:
        """The mail that would be written now; its number opens nothing."""
        return MailFacts(
            uuid="0" * 32,
            purpose=MailPurpose.WELCOME,
            to_address=email.address,
            to_name=name,
            user_name=email.address,
            created_at=self._ctx.clock.now(),
            created_by=actor.name,
            details="{}",
            agency=AgencyFacts(
                name=agency.name,
                code=agency.code,
                address=agency.address,
                phone=agency.phone,
                email=agency.email,
                portal_address=agency.portal_address,
                profile=agency.profile,
                written=policy_of(agency).conventions,
            ),
        )

    def _sentences(
        self, actor: Actor, agency: Agency, candidate: Candidate, plan: CreationPlan, email: Email
    ) -> list[str]:
        sentences = [f"An account is created for {candidate.name}. It opens nothing until the person activates it."]
        if not candidate.email:
            sentences.append(f"{email.address} becomes the e-mail address in the list.")
        elif candidate.email != email.address:
            sentences.append(f"The e-mail address in the list changes from {candidate.email} to {email.address}.")
        if candidate.person.kind is PersonKind.STAFF and candidate.role is not plan.role:
            sentences.append(f"The role in the list changes from {candidate.role} to {plan.role}.")
        sentences += _about_old(actor, candidate, plan)
        link = in_words(tokens.lifetime(agency.profile, TokenPurpose.ACTIVATE))
        code = in_words(tokens.code_lifetime(agency.profile, TokenPurpose.ACTIVATE))
        sentences.append(f"This mail goes to {email.address}. Its link works for {link}, its code for {code}.")
        if not self._ctx.settings.mail.host:
            sentences.append("No mail server is configured: the mail stays in the Mail tab until you hand it over.")
        return sentences


def _about_old(actor: Actor, candidate: Candidate, plan: CreationPlan) -> list[str]:
    """What becomes of the accounts of the old system."""
    if not candidate.old_accounts:
        return []
    one = len(candidate.old_accounts) == 1
    named = " and ".join(old.words for old in candidate.old_accounts)
    subject = f"The old account {named}" if one else f"The old accounts {named}"
    if not plan.migrate:
        stays = "stays and keeps" if one else "stay and keep"
        return [f"{subject} {stays} opening with the access key, until somebody migrates it."]
    sentences = [
        f"{subject} {'is' if one else 'are'} migrated: the access key does not open {'it' if one else 'them'} "
    ]
    sentences[0] += "any more, and the old password is not taken over."
    if actor.legacy_user_id in {old.id for old in candidate.old_accounts}:
        sentences.append(
            "This is your own account: your present session ends with it. Activate the new one with the mail, "
            "sign in with it, and go on."
        )
    return sentences


def _roles(actor: Actor, person: PersonKey) -> tuple[Role, ...]:
    if person.kind is PersonKind.CLIENT:
        return (Role.CLIENT,)
    return tuple(role for role in _ROLES if may_give(actor, role))
