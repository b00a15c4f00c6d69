"""The words of the training mode."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.parsers.shared import Commands


def add_demo(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk demo`."""
    demo = commands.add_parser(
        "demo",
        help="training: the whole life of an account in a sandbox that cannot touch anything real",
        description=(
            "Opens a stage with a desk, a person's browser and a kiosk over made-up people, with a mailbox and a clock "
            "of their own. Nothing real is read or written, whatever the settings say; ctrl+t has everything for the "
            "trainer."
        ),
    )
    demo.add_argument(
        "scene",
        nargs="?",
        default="",
        metavar="SCENE",
        help='the scene to begin with, by name or key; or "practice" for a queue of callers',
    )
    demo.add_argument("--list", action="store_true", help="list the scenes and leave")
    demo.add_argument("--autoplay", action="store_true", help="let the scene play itself, then leave")
    demo.add_argument(
        "--speed", type=_speed, default=1.0, metavar="TIMES", help="how many times faster than a person, 0.2 to 1000"
    )
    demo.add_argument("--record", type=Path, metavar="FILE", help="keep everything as an asciinema file")
    _add_practice(demo.add_argument_group("practice"))
    demo.set_defaults(module="demo")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.2 <= speed <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no speed; it is a number from 0.2 to 1000")
    return speed


def _add_practice(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--callers", type=int, metavar="N", help="how many call, 1 to 30; 5 without it")
    group.add_argument(
        "--difficulty", choices=("easy", "mixed", "hard"), help="which kinds of trouble they have; mixed without it"
    )
    group.add_argument(
        "--seed", type=int, metavar="S", help="the same number brings the same callers to everybody; 1 without it"
    )
    group.add_argument("--trainee", metavar="NAME", help="who practises, for the class file")
    group.add_argument(
        "--class", dest="class_file", type=Path, metavar="FILE", help="a CSV file to which each call is added"
    )
    group.add_argument("--summary", action="store_true", help="print what the class in FILE has done, and leave")
