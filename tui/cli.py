"""The command line: reads the words, opens what the command needs, and turns refusals into sentences and exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from services.errors import DeskError
from tui import exits


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    # The desk is opened far more often than a command is given, and need not wait for the words of all commands.
    options = _read(words) if words else argparse.Namespace(module="desk", home=None, theme=None)
    return run_one(options)


def run_one(options: argparse.Namespace) -> int:
    """Run the command of words that were read."""
    command = import_module(f"tui.commands.{options.module}")
    try:
        return int(command.run(options))
    except KeyboardInterrupt:
        print("Stopped. What was finished before is stored; the database is whole.", file=sys.stderr)
        return exits.STOPPED
    except BrokenPipeError:
        # The reader of our output has seen enough.
        sys.stderr.close()
        return exits.DONE
    except DeskError as error:
        print(error.sentence, file=sys.stderr)
        return exits.code_of(error)
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback with values reaches a terminal
        from tui.faults import write_down

        print(
            f"Trakdesk had to stop. Nothing that was saved is lost. Reference: {write_down(error)}",
            file=sys.stderr,
        )
        return exits.FAULT


def _read(words: Sequence[str]) -> argparse.Namespace:
    from tui.parsers.everything import parser_of_all

    return parser_of_all().parse_args(words)
