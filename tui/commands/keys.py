"""`trakdesk keys`: rotate, retire, adopt."""

from __future__ import annotations

import argparse

from services import key_rotation
from services.desk import Desk
from services.errors import DeskError, Invalid
from services.key_loss import adopt
from services.opening import open_unchecked
from tui import exits
from tui.commands.opened import administrator, open_desk_of, settings_of


def run(options: argparse.Namespace) -> int:
    """Do one step; `retire` exits 1 while something needs an old key."""
    if options.step == "adopt":
        return _adopt(options)
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    if options.step == "retire":
        return _say_retired(key_rotation.retire(desk.ctx, actor))
    both = not (options.pepper or options.cipher)
    told = key_rotation.rotate(
        desk.ctx, actor, pepper=options.pepper or both, cipher=options.cipher or both, prepare=options.prepare
    )
    for kind, name in (("pepper", told.pepper), ("cipher", told.cipher)):
        if name is not None:
            print(f"New {kind}: {name}, {'in the file, not in use yet' if options.prepare else 'in use'}.")
    print(f"The old key file is kept as {told.kept}. Keep a copy of the new one with the backups, but elsewhere.")
    if options.prepare:
        print("Copy the key file to the other machines, then run `trakdesk keys rotate` on one and copy it again.")
    elif told.cipher is not None:
        print(f"{told.sealed:,} second factors are locked with the new cipher.")
    if told.broken:
        print(f"{told.broken:,} second factors cannot be read; run `trakdesk doctor`.")
    return exits.NEEDS_A_LOOK if told.broken else exits.DONE


def _adopt(options: argparse.Namespace) -> int:
    # A desk with other keys does not open; that is what this mends.
    desk = Desk(open_unchecked(settings_of(options)))
    try:
        code = adopt(desk.ctx, administrator(desk, options.agency), options.admin, options.reason)
    except Invalid as error:
        raise DeskError("\n".join(f"--{field}: {text}" for field, text in error.problems.items())) from error
    print(f"The database belongs to {desk.ctx.settings.keys_path} now. Keep a copy with the backups, but elsewhere.")
    print(f"One-time code for {options.admin}: {code}")
    print('Everybody else needs "Forgot password"; staff take off second factors, which nothing can read any more.')
    return exits.DONE


def _say_retired(told: key_rotation.Retired) -> int:
    for name in told.gone:
        print(f"Gone: {name}.")
    for words in told.needed:
        print(f"Still needed: {words}.")
    if told.kept is not None:
        print(f"The old key file is kept as {told.kept}. Delete it when no backup needs it any more.")
    if not told.gone and not told.needed:
        print("There is no old key.")
    return exits.NEEDS_A_LOOK if told.needed else exits.DONE
