"""The way back in when the only administrator has lost the second factor."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.identity import Identity
from models.states import MailPurpose
from services.credentials import factor
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.enrolling import enrol
from tests.tui.conftest import Run
from tui import exits

WHY = "the phone of the only administrator is lost"


@pytest.mark.usefixtures("set_up")
def test_a_second_factor_is_cleared_at_the_machine_itself(run: Run, tmp_path: Path) -> None:
    code, _, err = run("clear-factor", "nobody@example.com", "--reason", WHY)
    assert (code, "Nobody here has the address" in err) == (exits.NOT_DONE, True)
    code, _, err = run("clear-factor", "RAY@example.com", "--reason", WHY)
    assert (code, "no second factor" in err) == (exits.NOT_DONE, True)
    ctx = open_desk(load_settings(tmp_path / "home")).ctx
    with ctx.read():
        ray = Identity.get(Identity.email == "ray@example.com")
    enrol(ctx, ray.id)
    code, _, err = run("clear-factor", "ray@example.com", "--reason", " ")
    assert (code, err.startswith("--reason: ")) == (exits.NOT_DONE, True)
    code, out, _ = run("clear-factor", "ray@example.com", "--reason", WHY)
    assert (code, "is cleared" in out) == (exits.DONE, True)
    # The command left the tables with a database of its own.
    ctx = open_desk(load_settings(tmp_path / "home")).ctx
    with ctx.read():
        assert not factor.is_enrolled(ray.id)
    assert len(making.mails(ctx, ray, MailPurpose.NOTICE)) == 1
    entry = making.entries(ctx, "factor_cleared")[-1]
    assert (entry.reason, entry.surface) == (WHY, "command")
