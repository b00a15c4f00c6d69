"""What was being typed when a line of SSH dropped is offered at the next sign-in."""

from __future__ import annotations

import signal
from collections.abc import Callable

import psutil
import pytest

from tests.making import PASSWORD
from tests.surfaces.playing import fill
from tests.surfaces.ssh.conftest import Machine, processes
from tests.surfaces.ssh.test_at_the_desk import FORM, USER
from tests.surfaces.term import Term

OFFERED = "You were typing, and did not save it"


def sign_in(term: Term, wanted: str) -> None:
    term.expect(FORM, 40).expect("RAY-919", 5)
    fill(term, USER, PASSWORD.reveal())
    term.key("enter").expect(wanted, 30).settle(0.5, 5)


@pytest.mark.slow
def test_a_client_that_is_killed_loses_nothing_that_was_typed(ssh: Callable[..., Term], served: Machine) -> None:
    term = ssh()
    sign_in(term, "Anna00")
    term.key("e").expect("Edit Anna00 Adams", 20)
    term.type("bella")
    term.expect("● edited")
    running = processes(served)
    term.process.kill(signal.SIGKILL)
    _, alive = psutil.wait_procs(running, 10)
    assert not alive
    assert len(served.query("SELECT form FROM draft")) == 1
    assert served.opened() == []
    back = ssh()
    sign_in(back, OFFERED)
    back.key("enter").expect("Anna00bella", 20).expect("● edited")
    back.key("f2").expect("has been saved", 20)
    assert served.query("SELECT form FROM draft") == []
    assert served.query("SELECT first_name FROM client WHERE first_name LIKE '%bella'") == [["Anna00bella"]]
    served.query("UPDATE client SET first_name = 'Anna00' WHERE first_name = 'Anna00bella'")
    back.key("ctrl+q").gone(20)
