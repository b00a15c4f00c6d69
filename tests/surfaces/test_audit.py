"""What happened is found in the desk; what somebody did to the trail with SQL is found and named by the command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from models.audit import AuditEntry
from models.states import AuditResult, Role
from services import audit
from services.desk import Desk
from services.remembered import Remembered, remember
from tests import making
from tests.making import HERE, PASSWORD
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.term import Term
from tests.tampering import behind_the_triggers

USER = "olga@raystaging.example.com"


@pytest.fixture
def desk(environment: dict[str, str]) -> Desk:
    """An agency whose auditor has only the password left to type."""
    desk = desk_of(environment)
    made = making.make_agency(desk)
    auditor = making.make_staff(desk, made.agency, USER, role=Role.AUDITOR, first="Olga", last="Auditor")
    desk.sign_in.sign_out(auditor)
    with desk.ctx.unit():
        making.secure(desk.ctx)
        for number in range(200):
            failed = {"result": AuditResult.FAILED, "reason": "wrong password"} if number % 3 else {}
            action = audit.Action.SIGN_IN_FAILED if number % 3 else audit.Action.RESET_SENT
            about = {"agency_id": made.agency.id, "subject": f"c{number}@example.com"}
            audit.record(desk.ctx, HERE, action, **about, **failed)  # type: ignore[arg-type]
    remember(desk.ctx.settings.remembered_path, Remembered(made.agency.code, USER))
    return desk


@pytest.mark.slow
def test_an_entry_is_found_and_one_that_was_changed_is_named(
    desk: Desk, terminal: Callable[..., Term], command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    screen = terminal(80, 24)
    sign_in(screen, PASSWORD.reveal())
    screen.expect("5 Audit", 30).settle(0.3, 5)
    screen.key("5").expect("entries, sealed", 20)
    screen.keys("/").type("c112")
    screen.expect("c112@example.com", 20).absent("c113@example.com")
    screen.key("enter").settle(0.3, 4)
    screen.key("enter").expect("wrong password").expect("sealed")
    screen.key("esc").settle(0.3, 4)

    whole = command("audit", "verify")
    assert (whole.returncode, "The trail is whole" in whole.stdout) == (0, True), whole.stdout + whole.stderr
    anchor = command("audit", "anchor", str(tmp_path / "anchors"))
    assert anchor.returncode == 0, anchor.stderr

    with behind_the_triggers(desk.ctx):
        entry = AuditEntry.select().where(AuditEntry.subject == "c112@example.com").get()
        AuditEntry.update(reason="nothing happened").where(AuditEntry.id == entry.id).execute()
    found = command("audit", "verify", "--anchor", str(tmp_path / "anchors"))
    assert found.returncode == 1
    assert f"Entry {entry.id} was changed after it was written" in found.stdout
    assert "tried to sign in" in found.stdout
    assert "c112@example.com" in found.stdout
    screen.key("enter").expect("not as it was written", 10)
    screen.key("esc").settle(0.3, 4)
    screen.key("ctrl+q").gone()
