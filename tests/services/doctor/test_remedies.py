"""Whatever the doctor finds to mend, it says how, on its own: in the text and for a program."""

from __future__ import annotations

import ast
import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import services.doctor
import tui.ssh
from services.credentials.passwords import Secret
from services.doctor import house
from services.doctor.finding import Finding, State, bad, good, hint, unused
from services.keys import Keys
from services.kiosks import key_file
from tui.commands import doctor
from tui.commands.findings import tell

KINDS = ("bad", "hint", "unused")

FINDINGS = [
    good("part", "it is well"),
    hint("part", "it ends soon", "Renew it."),
    bad("part", "it is broken", "Mend it."),
    unused("part", "there is none", "To have one: docs/part.md."),
]


def made(package: Path) -> Iterator[ast.Call]:
    """Every place of a package at which something is found that is not well."""
    for path in sorted(package.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                yield node


@pytest.mark.parametrize("package", [services.doctor, tui.ssh], ids=lambda package: str(package.__name__))
def test_nothing_is_found_to_mend_without_a_remedy(package: object) -> None:
    calls = list(made(Path(package.__path__[0])))  # type: ignore[attr-defined] # both are packages
    assert len(calls) > 15
    for call in calls:
        assert len(call.args) == 3, ast.unparse(call)
        remedy = call.args[-1]
        assert not isinstance(remedy, ast.Constant) or remedy.value, ast.unparse(call)


def _open(path: Path) -> None:
    path.chmod(0o644)


def _damage(path: Path) -> None:
    path.write_text("x")


def _remove(path: Path) -> None:
    path.unlink()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


@pytest.mark.parametrize("trouble", [_open, _damage, _remove, _folder])
def test_of_a_file_of_secrets_it_says_what_is_wrong_and_what_to_do(
    tmp_path: Path, trouble: Callable[[Path], None]
) -> None:
    Keys.create(tmp_path / "keys")
    key_file.keep(tmp_path, "Lobby", Secret("k" * 43))
    trouble(tmp_path / "keys")
    _, found = house.key_ring(tmp_path / "keys")
    findings = [found]
    if trouble is not _remove:
        trouble(key_file.path_of(tmp_path, "Lobby"))
        findings += house.kiosks(tmp_path)
    for one in findings:
        assert one.state is State.BAD
        assert str(tmp_path) in one.words
        assert one.remedy.endswith(".")
        assert "above" not in one.remedy
        assert one.remedy not in one.words


def test_a_person_reads_the_remedy_below_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(FINDINGS) == 1
    assert capsys.readouterr().out.splitlines() == [
        "ok    part: it is well",
        "note  part: it ends soon",
        "      Renew it.",
        "BAD   part: it is broken",
        "      Mend it.",
        "-     part: not used: there is none",
        "      To have one: docs/part.md.",
        "1 to mend.",
    ]


def test_a_program_is_told_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def found(*_: object) -> list[Finding]:
        return FINDINGS

    monkeypatch.setattr(doctor, "examine", found)
    monkeypatch.setattr(doctor, "settings_of", found)
    monkeypatch.setattr(doctor.looked_after, "examine", list)
    assert doctor.run(Namespace(json=True)) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["state"], one["remedy"]) for one in told] == [
        ("well", ""),
        ("hint", "Renew it."),
        ("bad", "Mend it."),
        ("unused", "To have one: docs/part.md."),
    ]
