"""`trakdesk ssh keys`: binds SSH public keys to accounts, lists and revokes them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.actor import Actor
from services.desk import Desk
from services.errors import Invalid, NotFound, Refused
from services.person_key import PersonKey, PersonKind
from services.ssh_keys.values import SshKeyView
from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.telling import moment, tell_list
from tui.one_person import by_email

_NONE = "No SSH key is bound. Bind one with: trakdesk ssh keys bind EMAIL FILE"

_LARGEST = 64_000
"""Octets of a file that are looked at: more than any key has."""


def run(options: argparse.Namespace) -> int:
    """Do one step as an administrator of the agency."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    if options.step == "bind":
        return _bind(desk, actor, options)
    if options.step == "revoke":
        key = desk.ssh_keys.revoke(actor, options.fingerprint)
        print(f"The key {key.fingerprint} of {key.owner} is revoked, and opens nothing any more.")
        return exits.DONE
    told = [(_facts(key), _line(key)) for key in _found(desk, actor, options.email)]
    return tell_list(told, _NONE, as_json=options.json)


def _bind(desk: Desk, actor: Actor, options: argparse.Namespace) -> int:
    person = _person(desk, actor, options.email)
    try:
        key = desk.ssh_keys.bind(actor, person, _read(options.file))
    except Invalid as refusal:
        print(refusal.sentence, file=sys.stderr)
        return exits.NOT_DONE
    print(f"The key {key.fingerprint} is bound to the account of {key.owner}. {key.email} gets a notice.")
    return exits.DONE


def _person(desk: Desk, actor: Actor, email: str) -> PersonKey:
    for kind in (PersonKind.STAFF, PersonKind.CLIENT):
        found = by_email(desk, actor, kind, email)
        if found is not None:
            return found
    raise NotFound(f"Nobody here has the address {safe(email)}. Check it.")


def _read(name: str) -> str:
    try:
        if name == "-":
            octets = sys.stdin.buffer.read(_LARGEST)
        else:
            with Path(name).open("rb") as file:
                octets = file.read(_LARGEST)
    except OSError as error:
        raise Refused(f"{safe(name)} cannot be read: {error.strerror}. Name the file of the public key.") from error
    return octets.decode("utf-8", "replace")


def _found(desk: Desk, actor: Actor, email: str) -> Sequence[SshKeyView]:
    return desk.ssh_keys.of(actor, _person(desk, actor, email)).keys if email else desk.ssh_keys.list(actor)


def _line(key: SshKeyView) -> str:
    state = "revoked" if key.revoked_at else f"last used {moment(key.used_at) or 'never'}"
    comment = f"  ({key.comment})" if key.comment else ""
    return f"{key.fingerprint}  {key.email}  {state}  bound by {key.bound_by}{comment}"


def _facts(key: SshKeyView) -> dict[str, str | None]:
    return {
        "fingerprint": key.fingerprint,
        "type": key.kind,
        "comment": key.comment,
        "owner": key.owner,
        "email": key.email,
        "bound_at": moment(key.bound_at),
        "bound_by": key.bound_by,
        "used_at": moment(key.used_at),
        "revoked_at": moment(key.revoked_at),
        "revoked_by": key.revoked_by,
    }
