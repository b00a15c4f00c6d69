"""What is imported when, proved by importing it in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

RULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("services", "models")
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__init__.py" and not path.stem[0].isdigit()
)


def loaded_by(statement: str) -> set[str]:
    """The top-level packages that a new Python has loaded after `statement`."""
    program = f"{statement}\nimport sys\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(out.stdout.split())


def test_no_rule_and_no_table_loads_a_user_interface() -> None:
    loaded = loaded_by("\n".join(f"import {module}" for module in RULES))
    assert not loaded & {"textual", "rich", "tui", "screens"}


def test_every_module_of_the_rules_is_looked_at() -> None:
    assert {"services.desk", "services.sign_in", "models.client"} <= set(RULES)


def test_the_command_line_answers_without_loading_what_it_does_not_need() -> None:
    loaded = loaded_by(
        "import contextlib\nfrom tui.cli import main\nwith contextlib.suppress(SystemExit): main(['--help'])"
    )
    assert not loaded & {"textual", "rich", "peewee", "psycopg", "jinja2", "yagmail"}


HEAVY = ["psycopg", "yagmail", "premailer", "jinja2", "phonenumbers", "email_validator", "lxml"]


@pytest.mark.parametrize("heavy", HEAVY)
def test_a_desk_on_sqlite_opens_without_(heavy: str, tmp_path: Path) -> None:
    loaded = loaded_by(
        "import argparse, pathlib\n"
        "from tui.commands.opened import open_desk_of\n"
        f"desk = open_desk_of(argparse.Namespace(home=pathlib.Path({str(tmp_path)!r})))\n"
        "desk.is_founded()\n"
        "import sys\n"
        "if sys.modules.get('psycopg') is None: sys.modules.pop('psycopg', None)"
    )
    assert heavy not in loaded
