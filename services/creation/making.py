"""Makes an account with all that belongs to it, inside the unit of work of whoever creates one or many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import IntegrityError

from models.agency import Office
from models.audit import AuditEntry
from models.client import Client
from models.identity import Identity, Membership
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import AuditResult, IdentityState, Role, TokenPurpose
from services import audit, persons, throttle
from services.accounts import access
from services.actor import Actor
from services.clients import fields as client_fields
from services.context import Context
from services.creation.checks import (
    FOR_ONE,
    candidates,
    holders,
    may_give,
    other_of_the_list,
    why_not_as_listed,
    why_not_give,
)
from services.creation.values import Candidate, CreationPlan, CreationResult
from services.credentials import tokens
from services.errors import Invalid, Refused
from services.legacy import legacy
from services.mail.in_sight import mail_in_sight
from services.offices import own_offices, scope_of
from services.person_key import PersonKey, PersonKind
from services.persons import Relation
from services.rules import Email, Problem, clean_email
from services.staff.changes import keep_list
from services.when import show_moment

_NOT_YOURS = "You can give only offices that are yours. Ask an administrator for others."


def planned(candidate: Candidate) -> CreationPlan:
    """What is created if nobody changes anything: everything as the list has it, old accounts migrated."""
    return CreationPlan(
        person=candidate.person,
        version=candidate.version,
        user_name=candidate.email,
        email=candidate.email,
        role=candidate.role,
        offices=_home(candidate),
        migrate=bool(candidate.old_accounts),
    )


def agreed_email(plan: CreationPlan) -> Email:
    """The address that is the user name too. Raises Invalid for `email` or `user_name`."""
    try:
        email = clean_email(plan.email)
    except Problem as refusal:
        raise Invalid({"email": refusal.sentence}) from refusal
    if plan.user_name.strip() != email.address and not _same(plan.user_name, email):
        raise Invalid(
            {"user_name": "It must be the e-mail address: with it people sign in everywhere, and get their mail."}
        )
    return email


def check(actor: Actor, candidate: Candidate, plan: CreationPlan) -> Email:
    """Whether this can be created now; call it inside `ctx.read()` or `ctx.unit()`. Raises Invalid or Refused."""
    told = candidate.kept_back(FOR_ONE)
    if told:
        raise Refused(" ".join(obstacle.sentence for obstacle in told))
    if candidate.version != plan.version:
        raise Refused(f"Somebody changed {candidate.name} in the meantime. Close this, look again, and start anew.")
    email = agreed_email(plan)
    _refuse_taken(actor, email)
    if email.address != candidate.email:
        _refuse_listed(actor, candidate, email)
    _check_rights(actor, plan)
    return email


def make(ctx: Context, actor: Actor, plan: CreationPlan) -> CreationResult:
    """Create the account, its offices and its welcome mail, and migrate the old ones; call it inside `ctx.unit()`.

    Of several at once one succeeds; the others hear who did it. Raises Invalid, NotFound or Refused.
    """
    # The first mail is never too soon, but the next one waits for it. The slot before the person: the order of all.
    throttle.take_mail_slot(ctx, agreed_email(plan).key, daily_cap=False)
    if plan.person.kind is PersonKind.STAFF:
        # The plan may bring another address, and nobody else may bring the same one at this moment.
        keep_list(ctx, actor)
    row, candidate = _hold(ctx, actor, plan.person)
    return _carry_out(ctx, actor, row, candidate, plan)


def make_as_listed(ctx: Context, actor: Actor, person: PersonKey, *, migrate: bool) -> CreationResult:
    """The same with everything as the list has it, so that nothing may be open. Raises NotFound or Refused.

    Args:
        migrate: take old accounts over; else whoever has one is refused, because the wizard asks that.
    """
    email_key = persons.find(actor, person).email_key
    if email_key:
        throttle.take_mail_slot(ctx, email_key, daily_cap=False)
    row, candidate = _hold(ctx, actor, person)
    told = why_not_as_listed(candidate, migrate=migrate)
    if told:
        raise Refused(told)
    try:
        return _carry_out(ctx, actor, row, candidate, planned(candidate))
    except Invalid as refusal:
        # Nobody typed anything, so there is no field to say it beside.
        raise Refused(refusal.sentence) from refusal


def _hold(ctx: Context, actor: Actor, person: PersonKey) -> tuple[Relation, Candidate]:
    """The person, whom nobody else can change until the unit of work ends, and who has no account."""
    row = persons.find_held(ctx, actor, person)
    if row.identity_id is not None:
        raise Refused(_who_did_it(ctx, row.identity_id))
    return row, candidates(actor, [person])[0]


def _carry_out(ctx: Context, actor: Actor, row: Relation, candidate: Candidate, plan: CreationPlan) -> CreationResult:
    email = check(actor, candidate, plan)
    _bring_up_to_date(ctx, actor, row, plan, email)
    identity = _store(ctx, actor, row, plan, email)
    message = tokens.issue(ctx, identity, TokenPurpose.ACTIVATE, by=actor.name).message
    access.refresh(identity.id)
    audit.record(
        ctx,
        actor,
        audit.Action.ACCOUNT_CREATED,
        **persons.numbers(plan.person),
        identity_id=identity.id,
        subject=identity.name,
        details={"to": identity.email, "role": plan.role.value},
    )
    migrated: tuple[str, ...] = ()
    if plan.migrate and candidate.old_accounts:
        # Further ones under the same address go with the first.
        legacy.migrate(ctx, actor, candidate.old_accounts[0].id, identity)
        migrated = tuple(old.words for old in candidate.old_accounts)
    return CreationResult(candidate.name, email.address, identity.id, message.id, migrated)


def _home(candidate: Candidate) -> tuple[int, ...]:
    """A staff member sees the people of the own office; administrators, and whoever has none, the whole agency."""
    if candidate.role is Role.ADMINISTRATOR or candidate.office_id is None:
        return ()
    return (candidate.office_id,)


def check_offices(actor: Actor, offices: Sequence[int]) -> None:
    """Whether these are there, and the actor's to give; call it inside a read or a unit. Raises Refused."""
    known = Office.select().where((Office.agency == actor.agency_id) & Office.id.in_(list(offices))).count()
    if known != len(set(offices)):
        raise Refused("One of the offices is not there any more. Close this, look again, and start anew.")
    own = own_offices(actor)
    if own is not None and not own.issuperset(offices):
        raise Refused(_NOT_YOURS)


def _same(user_name: str, email: Email) -> bool:
    try:
        return clean_email(user_name).key == email.key
    except Problem:
        return False


def _check_rights(actor: Actor, plan: CreationPlan) -> None:
    client = plan.person.kind is PersonKind.CLIENT
    if client != (plan.role is Role.CLIENT):
        raise Refused("A client's account has the role client, and a staff member's has another one.")
    if not may_give(actor, plan.role):
        raise Refused(why_not_give(plan.role))
    check_offices(actor, plan.offices)
    if not client and not plan.offices and own_offices(actor) is not None:
        raise Refused(_NOT_YOURS)


def _refuse_taken(actor: Actor, email: Email) -> None:
    holder = holders(actor, scope_of(actor), [email.key]).get(email.key)
    if holder is not None:
        raise _taken(email, holder)


def _refuse_listed(actor: Actor, candidate: Candidate, email: Email) -> None:
    """A list has every address once; the constraint of the clients' table would tell it only at the end."""
    other = other_of_the_list(actor, candidate.person, email.key)
    if other:
        raise Invalid({"email": f"{email.address} already belongs to {other}. Use another address."})


def _taken(email: Email, holder: str) -> Invalid:
    return Invalid({"email": f"{email.address} is the user name of {holder} already. Use another address."})


def _bring_up_to_date(ctx: Context, actor: Actor, row: Relation, plan: CreationPlan, email: Email) -> None:
    """Correct the address and the role in the list, where the plan has others."""
    changed: dict[str, Any] = {}
    told: dict[str, str] = {}
    if row.email != email.address:
        phone = row.phone if isinstance(row, Client) else row.cell
        changed |= {"email": email.address, "email_key": email.key}
        changed["search"] = client_fields.search_text(row.first_name, row.last_name, email.address, phone)
        told |= {"old_email": row.email, "new_email": email.address}
    if isinstance(row, StaffMember) and row.role is not plan.role:
        changed["role"] = plan.role
        told |= {"old_role": row.role.value, "new_role": plan.role.value}
    if not changed:
        return
    kind = type(row)
    try:
        with ctx.database.atomic():
            kind.update(**changed, version=kind.version + 1, changed_at=ctx.clock.now(), changed_by=actor.name).where(
                kind.id == row.id
            ).execute()
    except IntegrityError as error:
        raise Invalid(
            {"email": f"{email.address} belongs to another client of the list. Use another address."}
        ) from error
    client = isinstance(row, Client)
    audit.record(
        ctx,
        actor,
        audit.Action.CLIENT_CHANGED if client else audit.Action.STAFF_CHANGED,
        **persons.numbers(plan.person),
        subject=persons.name_of(row),
        details=told,
    )


def _store(ctx: Context, actor: Actor, row: Relation, plan: CreationPlan, email: Email) -> Identity:
    now = ctx.clock.now()
    try:
        with ctx.database.atomic():
            identity = Identity.create(
                agency=row.agency_id,
                email=email.address,
                email_key=email.key,
                name=persons.name_of(row),
                role=plan.role,
                state=IdentityState.PENDING,
                created_at=now,
                state_changed_at=now,
                state_changed_by=actor.name,
                cell=row.cell if isinstance(row, StaffMember) else "",
            )
    except IntegrityError as error:
        raise _taken(email, "somebody else's account") from error
    kind = type(row)
    kind.update(identity=identity).where(kind.id == row.id).execute()
    for office_id in dict.fromkeys(plan.offices):
        Membership.create(identity=identity, office=office_id)
    return identity


def _who_did_it(ctx: Context, identity_id: int) -> str:
    entry = (
        AuditEntry.select()
        .where(
            (AuditEntry.identity_id == identity_id)
            & (AuditEntry.action == audit.Action.ACCOUNT_CREATED.value)
            & (AuditEntry.result == AuditResult.DONE)
        )
        .order_by(AuditEntry.id)
        .first()
    )
    if entry is None:
        return "This person has an account already. Go back and look at it."
    return (
        f"{entry.actor_name} created this account already, {show_moment(entry.at, ctx.clock.now())}. "
        "The welcome mail is on its way; nothing more needs to be done."
    )


def welcome_of(message_id: int, actor: Actor) -> OutboxMessage | None:
    """The mail of a creation, None if it is to nobody whom the actor sees."""
    found: OutboxMessage | None = OutboxMessage.get_or_none((OutboxMessage.id == message_id) & mail_in_sight(actor))
    return found
