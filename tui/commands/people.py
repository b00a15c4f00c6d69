"""`trakdesk client` and `trakdesk staff`: one thing done for one person, or one look at them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.clients.rows import ACCESS_WORDS
from services.clients.values import ClientFields, EmailChangeEffects
from services.desk import Desk
from services.errors import NotFound, Refused
from services.person_key import PersonKey, PersonKind
from services.staff.values import StaffFields
from services.text import safe
from tui import exits
from tui.commands.acting import acting
from tui.commands.people_told import causes_told, event_told, mail_told, person_told, spoken
from tui.commands.telling import Told, moment, tell
from tui.one_person import access_name, by_email, effects, find, lines_of, record_of, save
from tui.plain.events import line
from tui.plain.person import why

_NUMBER_SIGNS = 18
"""Digits of a number that a database can hold."""


def run(options: argparse.Namespace) -> int:
    """Do it, and tell what came of it."""

    def act() -> Told:
        with acting(options) as (desk, actor):
            return _ACTIONS[options.action](_Case(desk, actor, options))

    return tell(act, as_json=options.json)


class _Case:
    """One command under way.

    Attributes:
        kind: of which list the people are.
    """

    def __init__(self, desk: Desk, actor: Actor, options: argparse.Namespace) -> None:
        self.desk = desk
        self.actor = actor
        self.options = options
        self.kind = PersonKind(options.kind)

    def person(self) -> PersonKey:
        """Who is meant; with --vouch the caller counts as verified from then on. Raises NotFound."""
        who = self.options.who.strip()
        if who.isascii() and who.isdecimal() and len(who) <= _NUMBER_SIGNS:
            person: PersonKey | None = PersonKey(self.kind, int(who))
            record_of(self.desk, self.actor, PersonKey(self.kind, int(who)))
        else:
            person = by_email(self.desk, self.actor, self.kind, who)
        if person is None:
            raise NotFound(
                f"Nobody in this list has the address {safe(who)}. Check it, or search with "
                f"`trakdesk {self.kind} find`."
            )
        if self.options.vouch:
            self.desk.verification.override(self.actor, person, self.options.vouch)
        return person

    def told(self, person: PersonKey) -> dict[str, Any]:
        """Who it was about, for programs."""
        return person_told(person, record_of(self.desk, self.actor, person))

    def name(self, person: PersonKey) -> str:
        """Who it was about, for people."""
        record = record_of(self.desk, self.actor, person)
        return f"{record.name}, {record.email}"


def _find(case: _Case) -> Told:
    words, most = " ".join(case.options.words), max(0, case.options.limit)
    count, people = find(case.desk, case.actor, case.kind, words, most)
    found = []
    for start in range(0, len(people), 500):
        found += lines_of(case.desk, case.actor, people[start : start + 500])
    data = {
        "count": count,
        "people": [
            {
                "kind": case.kind.value,
                "id": one.person.id,
                "name": safe(one.name),
                "email": one.email,
                "access": access_name(one.access),
            }
            for one in found
        ],
    }
    lines = [f"{count:,} found."] + [f"{one.person.id}: {one.name}, {one.access}, {one.email}" for one in found]
    if len(found) < count:
        lines.append(f"And {count - len(found):,} more; see them with --limit, or search for more words.")
    return Told(data, lines, exits.DONE if count else exits.NEEDS_A_LOOK)


def _show(case: _Case) -> Told:
    person = case.person()
    panel = case.desk.people.panel(case.actor, person)
    kept_out = any(cause.blocks for cause in panel.causes)
    data = {
        "person": person_told(person, panel.record)
        | {"access": access_name(ACCESS_WORDS[panel.access]), "account": panel.identity_state},
        "kept_out": kept_out,
        "causes": causes_told(panel),
        "mail": [mail_told(mail) for mail in panel.trail],
        "next_mail_at": moment(panel.reset_allowed_at),
    }
    lines = [f"Number: {person.id}", *spoken(case.desk, case.actor, lambda sitting: why(person, sitting))]
    return Told(data, lines, exits.NEEDS_A_LOOK if kept_out else exits.DONE)


def _reset(case: _Case) -> Told:
    options, person = case.options, case.person()
    reason = ResetReason(options.reason)
    if bool(options.new_email) and reason is not ResetReason.WRONG_EMAIL:
        raise Refused("--new-email goes with --reason wrong-email only.")
    follows: tuple[str, ...] = ()
    record = record_of(case.desk, case.actor, person)
    if options.new_email and options.new_email != record.email:
        follows = effects(case.desk, case.actor, person, options.new_email).sentences()
        save(case.desk, case.actor, person, record, email=options.new_email)
    sent = case.desk.accounts.send_reset(case.actor, person, reason, options.note or "")
    data = {
        "done": "reset",
        "person": case.told(person),
        "mail": sent.purpose.value,
        "to": sent.to_address,
        "follows": follows,
    }
    return Told(data, [*follows, f"The {sent.purpose} mail is on its way to {sent.to_address}."])


def _resend(case: _Case) -> Told:
    person = case.person()
    case.desk.accounts.resend_welcome(case.actor, person)
    to = record_of(case.desk, case.actor, person).email
    data = {"done": "resend", "person": case.told(person), "to": to}
    return Told(data, [f"The welcome mail is on its way to {to}."])


def _temporary(case: _Case) -> Told:
    person = case.person()
    to = case.desk.temporary.send(case.actor, person, case.options.note or "")
    data = {"done": "temporary", "person": case.told(person), "to": to}
    return Told(data, [f"A temporary password is on its way to {to}."])


def _create(case: _Case) -> Told:
    person = case.person()
    preview = case.desk.creation.preview(case.actor, person)
    plan = replace(preview.plan, migrate=case.options.migrate)
    notes = [obstacle.sentence for obstacle in preview.candidate.obstacles]
    follows = case.desk.creation.review(case.actor, plan).sentences
    done = bool(case.options.yes)
    if done:
        case.desk.creation.create(case.actor, plan)
    data = {"done": "create" if done else None, "person": case.told(person), "notes": notes, "follows": follows}
    last = f"Created the account of {case.name(person)}." if done else "Nothing was created. Repeat it with --yes."
    return Told(data, [*notes, *follows, last], exits.DONE if done else exits.NEEDS_A_LOOK)


def _fields(case: _Case) -> dict[str, str | bool]:
    """What the options say of the fields of the list."""
    given = {name: getattr(case.options, option, None) for name, option in _OPTION_OF.items()}
    return {
        name: value == "yes" if name in ("subscribed", "active") else value
        for name, value in given.items()
        if value is not None
    }


_OPTION_OF = {"date_of_birth": "born"} | {
    name: name
    for name in ("first_name", "last_name", "email", "phone", "subscribed", "cell", "office", "role", "active", "note")
}


def _add(case: _Case) -> Told:
    fields: Any = _fields(case)
    if case.kind is PersonKind.CLIENT:
        number = case.desk.clients.create(case.actor, ClientFields(**fields)).id
    else:
        number = case.desk.staff.add(case.actor, StaffFields(**fields)).id
    person = PersonKey(case.kind, number)
    data = {"done": "add", "person": case.told(person)}
    return Told(data, [f"Added {case.name(person)}, number {number}."])


def _edit(case: _Case) -> Told:
    person, fields = case.person(), _fields(case)
    if not fields:
        raise Refused("Name what to correct, for example with --phone.")
    before = record_of(case.desk, case.actor, person)
    told: EmailChangeEffects | None = None
    if fields.get("email", before.email) != before.email:
        told = effects(case.desk, case.actor, person, str(fields["email"]))
    saved = save(case.desk, case.actor, person, before, **fields)
    changed = [name for name in fields if getattr(saved.record.fields, name) != getattr(before.fields, name)]
    follows = told.sentences() if told is not None and saved.email_changed else ()
    data = {"done": "edit", "person": case.told(person), "changed": changed, "follows": follows}
    named = ", ".join(name.replace("_", " ") for name in changed)
    last = f"Changed {named} of {case.name(person)}." if changed else "Nothing was changed."
    return Told(data, [*follows, last])


def _with_reason(
    done: str, change: Callable[[Desk], Callable[[Actor, PersonKey, str], None]]
) -> Callable[[_Case], Told]:
    def act(case: _Case) -> Told:
        person = case.person()
        change(case.desk)(case.actor, person, case.options.why)
        data = {"done": case.options.action, "person": case.told(person)}
        return Told(data, [f"{done} {case.name(person)}. Its owner gets a notice."])

    return act


def _history(case: _Case) -> Told:
    person, most = case.person(), max(0, case.options.limit)
    events = list(case.desk.people.history(case.actor, person))
    # The number 0 stands for what was before the first entry.
    while events and events[-1].id and len(events) < most:
        more = case.desk.people.history(case.actor, person, events[-1].id)
        if not more:
            break
        events += more
    events = events[:most]
    now = case.desk.ctx.clock.now()
    data = {"person": case.told(person), "events": [event_told(event) for event in events]}
    return Told(data, [line(event, now) for event in events] or ["Nothing yet."])


_ACTIONS: dict[str, Callable[[_Case], Told]] = {
    "find": _find,
    "show": _show,
    "reset": _reset,
    "resend": _resend,
    "temporary": _temporary,
    "create": _create,
    "add": _add,
    "edit": _edit,
    "deactivate": _with_reason("Deactivated the account of", lambda desk: desk.accounts.deactivate),
    "reactivate": _with_reason("Reactivated the account of", lambda desk: desk.accounts.reactivate),
    "clear-factor": _with_reason("Cleared the second factor of", lambda desk: desk.clearing.second_factor),
    "history": _history,
}
