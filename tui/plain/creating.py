"""Creating an account: every obstacle and every consequence is told first."""

from __future__ import annotations

from dataclasses import replace

from services.creation.values import CreationPlan, Preview
from services.errors import Invalid
from services.person_key import PersonKey, PersonKind
from tui.plain.correcting import correct_email
from tui.plain.sitting import Sitting


def create(sitting: Sitting, person: PersonKey) -> None:
    """Look, choose role and offices, hear what will happen, agree. Raises Back or Leave."""
    talk, service = sitting.talk, sitting.desk.creation
    preview = service.preview(sitting.actor, person)
    talk.say(*(obstacle.sentence for obstacle in preview.candidate.obstacles))
    if not preview.candidate.email:
        correct_email(sitting, person)
        preview = service.preview(sitting.actor, person)
    plan = _plan(sitting, preview)
    try:
        review = service.review(sitting.actor, plan)
    except Invalid as refusal:
        talk.say_each(*refusal.problems.values())
        return
    talk.say("This will happen:", *review.sentences)
    if not talk.agree("Create the account? Are you sure?"):
        return
    result = service.create(sitting.actor, plan)
    standing = service.mail_standing(sitting.actor, result.message_id)
    talk.say(f"The account of {result.name} has been created.", f"Welcome mail to {result.email}: {standing.words}.")


def _plan(sitting: Sitting, preview: Preview) -> CreationPlan:
    talk, plan = sitting.talk, preview.plan
    if preview.candidate.old_accounts:
        named = " and ".join(old.words for old in preview.candidate.old_accounts)
        migrate = talk.agree(f"Migrate the old account {named}, so that the access key closes for it?")
        plan = replace(plan, migrate=migrate)
    if preview.candidate.person.kind is PersonKind.STAFF and len(preview.roles) > 1:
        talk.say(f"The role is {plan.role}.")
        if not talk.agree("Is that right?"):
            roles = [(role, role.value) for role in preview.roles]
            plan = replace(plan, role=talk.choose("Number of the role", roles))
    if preview.candidate.person.kind is PersonKind.STAFF and len(preview.offices) > 1:
        talk.say(f"The account sees the people of: {preview.offices_shown(plan)}.")
        if not talk.agree("Is that right?"):
            plan = replace(plan, offices=_offices(sitting, preview))
    return plan


def _offices(sitting: Sitting, preview: Preview) -> tuple[int, ...]:
    offices: list[tuple[int, str]] = [(office.id, office.name) for office in preview.offices]
    if preview.whole_agency:
        offices.append((0, "The whole agency"))
    chosen = sitting.talk.choose("Number of the office", offices)
    if not chosen:
        return ()
    given = [chosen]
    while len(given) < len(preview.offices) and sitting.talk.agree("Another office besides?"):
        left = [(office.id, office.name) for office in preview.offices if office.id not in given]
        given.append(sitting.talk.choose("Number of the office", left))
    return tuple(given)
