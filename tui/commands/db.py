"""`trakdesk db`: status, upgrade, backup."""

from __future__ import annotations

import argparse

from models import schema
from models.schema import SchemaState
from services.backup import back_up
from services.opening import open_unchecked
from tui import exits
from tui.commands.opened import settings_of

_WORDS = {
    SchemaState.EMPTY: "empty; `trakdesk` or `trakdesk init` makes the tables",
    SchemaState.CURRENT: "up to date",
    SchemaState.OLDER: "of an older Trakdesk; run `trakdesk db backup FILE`, then `trakdesk db upgrade`",
    SchemaState.NEWER: "of a newer Trakdesk; install the newer Trakdesk on this machine",
}


def run(options: argparse.Namespace) -> int:
    """Do one step; `status` exits 1 when something is to be done."""
    ctx = open_unchecked(settings_of(options))
    if options.step == "backup":
        size = back_up(ctx, options.file)
        print(
            f"Backed up to {options.file} ({size / 1e6:,.1f} MB). Keep {ctx.settings.keys_path} with it, but elsewhere."
        )
        return exits.DONE
    with ctx.read():
        state = schema.schema_state(ctx.database)
    if options.step == "status":
        print(f"Database: {_shown(ctx.settings.database_url)}")
        print(f"Tables:   {_WORDS[state]}")
        return exits.DONE if state is SchemaState.CURRENT else exits.NEEDS_A_LOOK
    if state is SchemaState.NEWER:
        print(f"The tables are {_WORDS[state]}.")
        return exits.NOT_DONE
    with ctx.unit():
        done = schema.upgrade(ctx.database)
    print(f"Upgraded: {', '.join(done)}." if done else "Nothing to do: the tables are up to date.")
    return exits.DONE


def _shown(url: str) -> str:
    """The URL without a password."""
    scheme, _, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    return f"{scheme}://{user.partition(':')[0]}{at}{place}"
