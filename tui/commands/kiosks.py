"""`trakdesk kiosks`: enrols, lists and revokes kiosks."""

from __future__ import annotations

import argparse
import sys

from services.actor import Actor
from services.desk import Desk
from services.errors import Invalid, NotFound, Refused
from services.kiosks import key_file
from services.kiosks.values import KioskView
from services.text import fold, safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.telling import moment, tell_list

_NONE = 'There is no kiosk yet. Enrol one with: trakdesk kiosks enrol --name "Lobby"'


def run(options: argparse.Namespace) -> int:
    """Do one step as an administrator of the agency."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    if options.step == "enrol":
        return _enrol(desk, actor, options)
    if options.step == "revoke":
        return _revoke(desk, actor, options.name)
    told = [(_facts(kiosk), _line(kiosk)) for kiosk in desk.kiosks.list(actor)]
    return tell_list(told, _NONE, as_json=options.json)


def _enrol(desk: Desk, actor: Actor, options: argparse.Namespace) -> int:
    try:
        kiosk, secret = desk.kiosks.enrol(actor, options.name, _office(desk, actor, options.office), options.theme)
    except Invalid as refusal:
        for name, sentence in refusal.problems.items():
            print(f"--{name}: {sentence}", file=sys.stderr)
        return exits.NOT_DONE
    try:
        path = key_file.keep(desk.ctx.settings.home, kiosk.name, secret)
    except key_file.KioskKeyUnusable:
        # An identity that nobody holds helps nobody.
        desk.kiosks.revoke(actor, kiosk.id)
        raise
    print(f'The kiosk "{kiosk.name}" is enrolled. Its secret is in {path}; whoever has that file is this kiosk.')
    print(f'Run it on its terminal with: trakdesk kiosk --name "{kiosk.name}"')
    return exits.DONE


def _office(desk: Desk, actor: Actor, name: str) -> int | None:
    if not name:
        return None
    found = [office.id for office in desk.offices.mine(actor).offices if fold(office.name) == fold(name)]
    if not found:
        raise Invalid({"office": f'There is no office "{safe(name)}".'})
    return found[0]


def _revoke(desk: Desk, actor: Actor, name: str) -> int:
    named = [kiosk for kiosk in desk.kiosks.list(actor) if fold(kiosk.name) == fold(name)]
    open_ones = [kiosk for kiosk in named if kiosk.revoked_at is None]
    if not open_ones:
        if named:
            raise Refused(f'The kiosk "{safe(name)}" has been revoked already.')
        raise NotFound(f'There is no kiosk "{safe(name)}". See `trakdesk kiosks list`.')
    desk.kiosks.revoke(actor, open_ones[0].id)
    print(f'The kiosk "{open_ones[0].name}" is revoked, and serves nobody any more.')
    return exits.DONE


def _line(kiosk: KioskView) -> str:
    state = "revoked" if kiosk.revoked_at else f"last seen {moment(kiosk.seen_at) or 'never'}"
    return f"{kiosk.name}  {kiosk.office or 'whole agency'}  {state}  enrolled by {kiosk.enrolled_by}"


def _facts(kiosk: KioskView) -> dict[str, str | None]:
    return {
        "name": kiosk.name,
        "office": kiosk.office,
        "theme": kiosk.theme,
        "enrolled_at": moment(kiosk.enrolled_at),
        "enrolled_by": kiosk.enrolled_by,
        "seen_at": moment(kiosk.seen_at),
        "revoked_at": moment(kiosk.revoked_at),
    }
