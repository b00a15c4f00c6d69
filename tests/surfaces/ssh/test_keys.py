"""`ssh -i KEY desk@host`: a key that is bound to somebody stands for the password, a revoked one for nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.enrolling import App
from tests.making import PASSWORD
from tests.places import ROOT
from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.playing import fill
from tests.surfaces.ssh.conftest import ACCOUNT, HOME, Machine
from tests.surfaces.term import Term

pytestmark = pytest.mark.slow

FORM = "Sign in with your account"
STEP = "One more step: the code of your app"
KIM = "kim@raystaging.example.com"

_MAKE_KIM = """
import json, sys
from models.agency import Agency
from models.states import Role
from services.opening import open_desk
from services.settings import load_settings
from tests.enrolling import enrol
from tests.making import make_staff
from pathlib import Path
desk = open_desk(load_settings(Path(sys.argv[1]), {}))
with desk.ctx.read():
    agency = Agency.get()
kim = make_staff(desk, agency, sys.argv[2], role=Role.SUPERVISOR, first="Kim", last="Keys")
desk.sign_in.sign_out(kim)
print(json.dumps(enrol(desk.ctx, kim.identity_id).key))
"""
"""A colleague with an authenticator app; prints its key."""


class Owner:
    """Somebody with a key on a laptop, and what an administrator does about it on the machine."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self.machine = machine
        self.private = folder / "id_ed25519"
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "kim@laptop", "-f", str(self.private)]
        subprocess.run(make, check=True)
        self.public = self.private.with_suffix(".pub").read_text()
        shown = subprocess.run(["ssh-keygen", "-l", "-f", self.private], check=True, capture_output=True, text=True)
        self.fingerprint = shown.stdout.split()[1]

    def keys(self, *words: str, given: str = "") -> str:
        """`trakdesk ssh keys …`, as the account of the desk."""
        whole = [TRAKDESK, "--home", str(HOME), "ssh", "keys", *words]
        return self.machine.run("runuser", "-u", ACCOUNT, "--", *whole, given=given).stdout

    def words(self) -> list[str]:
        return self.machine.client(identity=self.private).words()


@pytest.fixture(scope="module")
def app(served: Machine) -> App:
    """Kim's."""
    script = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-c", _MAKE_KIM, str(HOME), KIM]
    return App(json.loads(served.run("runuser", "-u", ACCOUNT, "--", *script).stdout))


@pytest.fixture
def kim(served: Machine, app: App, tmp_path: Path) -> Owner:
    """With a key that is bound to nobody yet."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    return Owner(served, tmp_path)


@pytest.fixture
def come(kim: Owner) -> Iterator[Callable[[], Term]]:
    """Comes to the desk with the key."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Term(kim.words(), 80, 24))


def at_the_form(term: Term) -> Term:
    """Once all of it is there."""
    term.expect(FORM, 40)
    term.settle(0.3, 5)
    return term


def code_of(term: Term, app: App) -> None:
    """The second factor, with a code that was not used before."""
    term.expect(STEP, 40)
    term.settle(0.3, 5)
    fill(term, app.code(datetime.now(UTC)).reveal())
    term.key("enter")


def test_a_key_leads_to_the_second_factor_and_to_the_desk_and_a_revoked_one_to_the_form(
    kim: Owner, app: App, come: Callable[[], Term]
) -> None:
    term = at_the_form(come())
    assert "RAY-919" in term.text
    told = kim.keys("bind", KIM, "-", given=kim.public)
    assert kim.fingerprint in told
    term = come()
    code_of(term, app)
    term.expect("Anna00", 40)
    [[place, details]] = kim.machine.query(
        "SELECT place, details FROM audit_entry WHERE action = 'signed_in' ORDER BY id DESC LIMIT 1"
    )
    assert (place, json.loads(details)["ssh_key"]) == ("127.0.0.1", kim.fingerprint)
    assert "last used never" not in kim.keys("list", KIM)
    kim.keys("revoke", kim.fingerprint)
    term.key("down").expect("the SSH key with which it began", 40)
    assert KIM not in at_the_form(term.key("enter")).text
    again = at_the_form(come())
    assert KIM not in again.text
    assert "SSH key: F7" not in again.text


def test_whoever_goes_back_or_signs_out_finds_the_form_and_the_way_by_the_key(
    kim: Owner, come: Callable[[], Term]
) -> None:
    kim.keys("bind", KIM, "-", given=kim.public)
    term = come().expect(STEP, 40)
    term.settle(0.3, 5)
    assert KIM not in at_the_form(term.key("esc")).text
    assert "or with your SSH key: F7" in term.text
    term.key("f7").expect(STEP, 40)
    term.key("esc").expect(FORM, 40)
    fill(term, KIM, PASSWORD.reveal())
    term.key("enter").expect(STEP, 40)


def test_the_key_of_somebody_who_was_deactivated_opens_nothing(kim: Owner, come: Callable[[], Term]) -> None:
    kim.keys("bind", KIM, "-", given=kim.public)
    run = ["runuser", "-u", ACCOUNT, "--", TRAKDESK, "--home", str(HOME), "staff"]
    kim.machine.run(*run, "deactivate", KIM, "--reason", "left")
    try:
        assert "SSH key" not in at_the_form(come()).text
    finally:
        kim.machine.run(*run, "reactivate", KIM, "--reason", "back")
