"""The SSH side of a machine as `trakdesk doctor` tells it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.doctor.finding import State, good
from tui.ssh import looked_after
from tui.ssh.files import drop_in
from tui.ssh.layout import Layout


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder of drop-ins, with ours in it."""
    (tmp_path / "trakdesk.conf").write_text(drop_in(Layout(tmp_path / "home", account="trakdesk-test-nobody")))
    return tmp_path


def test_a_machine_without_a_desk_over_ssh_does_not_use_it(tmp_path: Path) -> None:
    assert [finding.state for finding in looked_after.examine(tmp_path)] == [State.UNUSED]
    assert [finding.state for finding in looked_after.examine(tmp_path / "none")] == [State.UNUSED]


def test_what_lacks_of_an_installation_is_named(installed: Path) -> None:
    found = list(looked_after.examine(installed))
    assert {finding.state for finding in found} == {State.BAD}
    assert any(finding.part == "ssh account" for finding in found)
    assert all(finding.remedy for finding in found)


def test_a_file_that_is_not_ours_is_told(installed: Path) -> None:
    (installed / "trakdesk.conf").write_text("PermitRootLogin yes\n")
    [found] = looked_after.examine(installed)
    assert (found.state, "trakdesk ssh install" in found.remedy) == (State.BAD, True)


@pytest.mark.parametrize(("user", "state"), [(0, State.WELL), (1000, State.HINT)])
def test_only_root_can_ask_the_server(
    installed: Path, monkeypatch: pytest.MonkeyPatch, user: int, state: State
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(looked_after.place, "examine", lambda _: [good("files", "as installed")])
    monkeypatch.setattr(looked_after.effective, "examine", lambda *_: [good("settings", "all hold")])
    assert [finding.state for finding in looked_after.examine(installed)] == [state]
