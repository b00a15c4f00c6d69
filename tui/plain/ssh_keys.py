"""SSH keys: one's own, and for administrators those of a colleague."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from services.errors import Invalid
from services.person_key import PersonKey
from services.ssh_keys.values import SshKeyView
from services.when import show_moment
from tui.plain.sitting import Choice, Sitting
from tui.plain.verifying import shown

Revoke = Callable[[str], object]


def own_keys(sitting: Sitting) -> None:
    """Which open one's own account, and revoking one. Raises SignedOut or Leave."""
    service = sitting.desk.own_ssh_keys

    def choices() -> Sequence[Choice]:
        revoke = partial(service.revoke, sitting.actor)
        return _revoking(sitting, service.list(sitting.actor), revoke)

    if choices():
        sitting.menu("SSH keys that open your account without the password.", choices)
    else:
        sitting.talk.say("No SSH key opens your account. An administrator binds them.")


def keys_of(sitting: Sitting, person: PersonKey) -> None:
    """Which open a colleague's account; binding and revoking. Raises SignedOut or Leave."""
    service = sitting.desk.ssh_keys
    before = service.of(sitting.actor, person)
    name = before.owner

    def choices() -> Sequence[Choice]:
        seen = service.of(sitting.actor, person)
        bind = [] if seen.why_not else [Choice("Bind a key", partial(_bind, person, name))]
        return [*bind, *_revoking(sitting, seen.keys, partial(service.revoke, sitting.actor))]

    if before.why_not:
        sitting.talk.say_each(before.why_not)
        if not before.keys:
            return
    sitting.menu(f"SSH keys of {name}.", choices)


def _revoking(sitting: Sitting, keys: Sequence[SshKeyView], revoke: Revoke) -> Sequence[Choice]:
    live = [Choice(_words(sitting, key), partial(_revoke, key, revoke)) for key in keys if key.revoked_at is None]
    gone = [key for key in keys if key.revoked_at is not None]
    return [*live, Choice("Hear which were revoked", partial(_tell_revoked, gone))] if gone else live


def _tell_revoked(keys: Sequence[SshKeyView], sitting: Sitting) -> None:
    now = sitting.desk.ctx.clock.now()
    for key in keys:
        when = show_moment(key.revoked_at, now) if key.revoked_at else ""
        sitting.talk.say(f"{key.comment or 'No comment'}, {key.fingerprint}: revoked {when} by {key.revoked_by}.")


def _words(sitting: Sitting, key: SshKeyView) -> str:
    used = show_moment(key.used_at, sitting.desk.ctx.clock.now()) if key.used_at else "never"
    return f"Revoke {key.comment or 'the key without a comment'}, {key.fingerprint}, last used {used}"


def _revoke(key: SshKeyView, revoke: Revoke, sitting: Sitting) -> None:
    sitting.talk.say("It opens nothing any more then, and other sessions that it began end.")
    if sitting.talk.agree("Revoke it?"):
        revoke(key.fingerprint)
        sitting.talk.say("The key is revoked.")


def _bind(person: PersonKey, name: str, sitting: Sitting) -> None:
    talk, service = sitting.talk, sitting.desk.ssh_keys
    while True:
        line = talk.ask("The line of the .pub file")
        try:
            key = service.review(sitting.actor, person, line)
        except Invalid as refusal:
            talk.say_each(refusal.sentence)
        else:
            break
    talk.say(f"Its fingerprint is {key.fingerprint}. Be sure that the key is {name}'s.")
    if talk.agree(f"Let it open the account of {name}?"):
        shown(sitting, person, service.bind, sitting.actor, person, line)
        talk.say(f"The key is bound. {name} gets a notice.")
