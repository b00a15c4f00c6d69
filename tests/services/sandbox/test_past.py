"""What is done in the past of a sandbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services import person_key
from services.desk import Desk
from services.sandbox.clock import clock_of
from services.sandbox.mailbox import SandboxMailbox
from services.sandbox.past import ago
from tests import making
from tests.services.sandbox.conftest import in_sandbox

HOUR = timedelta(hours=1)


def test_what_is_done_ago_has_happened_then_even_if_it_fails(desk: Desk) -> None:
    sandbox = in_sandbox(desk)
    clock = clock_of(sandbox)
    with pytest.raises(ValueError, match="in between"), ago(sandbox, HOUR):
        assert clock.shift == -HOUR
        raise ValueError("in between")
    assert clock.shift == timedelta()


def test_mail_of_long_ago_arrived_then(sandbox: Desk) -> None:
    agency = making.make_agency(sandbox)
    client = making.make_client(sandbox, agency.agency)
    with ago(sandbox, timedelta(days=9)):
        sandbox.accounts.create_and_welcome(agency.admin, person_key.client(client.id))
    [mail] = SandboxMailbox(sandbox).mails()
    passed = clock_of(sandbox).now() - mail.at
    assert timedelta(days=9) <= passed < timedelta(days=9, minutes=1)


def test_the_clock_of_a_real_desk_is_not_for_moving(desk: Desk) -> None:
    with pytest.raises(TypeError), ago(desk, HOUR):
        pass
