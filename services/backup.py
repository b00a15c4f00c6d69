"""A whole copy of the database, taken while it is in use."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import apsw

from models.database import is_postgresql
from services.context import Context
from services.errors import Refused

PAGES_AT_ONCE = 4096


def back_up(ctx: Context, target: Path) -> int:
    """Write a copy to `target`, mode 0600, whole or not at all; returns its size in bytes.

    Copying the file instead would miss what still stands in the write-ahead log. Raises Refused or Unavailable.
    """
    if target.exists():
        raise Refused(f"{target} is there already. Choose another name; a backup never overwrites anything.")
    draft = target.with_name(f".{target.name}.part")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        if is_postgresql(ctx.database):
            _dump(ctx, draft)
        else:
            _copy(ctx, draft)
        draft.rename(target)
    except OSError as error:
        raise Refused(f"The backup cannot be written: {error.strerror}. Choose another place.") from error
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(ctx: Context, draft: Path) -> None:
    with ctx.read():
        copy = apsw.Connection(str(draft))
        try:
            with copy.backup("main", ctx.database.connection(), "main") as work:
                while not work.done:
                    work.step(PAGES_AT_ONCE)
            # One file that can be carried away, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        except apsw.Error as error:
            raise Refused(f"The backup did not finish: {error}. Make room, then try again.") from error
        finally:
            copy.close()


def _dump(ctx: Context, draft: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise Refused("pg_dump is not installed on this machine. Install PostgreSQL's client programs, then try again.")
    result = subprocess.run(  # noqa: S603 - a fixed program; the URL is one argument of it, no shell reads it
        [program, "--format=custom", f"--file={draft}", ctx.settings.database_url],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise Refused(f"pg_dump did not finish: {result.stderr.strip().splitlines()[-1][:200]}")
