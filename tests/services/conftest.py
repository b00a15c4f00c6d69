"""What the tests of accounts share: an agency with its administrator, a client, and helpers for two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import bcrypt
import pytest

from models.client import Client
from models.identity import Identity
from models.states import IdentityState
from services import person_key
from services.clock import ManualClock
from services.desk import Desk
from services.person_key import PersonKey, PersonKind
from tests import making
from tests.acting import USER, Bring
from tests.making import PASSWORD, MadeAgency
from tests.services.creating import make_colleague, make_office


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency and its administrator, signed in."""
    return making.make_agency(desk)


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> Client:
    """A client of that agency, without an account."""
    return making.make_client(desk, ray.agency)


@pytest.fixture(params=list(PersonKind))
def person(request: pytest.FixtureRequest, desk: Desk, ray: MadeAgency) -> PersonKey:
    """Somebody without an account: the test runs once with a client and once with a staff member, under one address."""
    if request.param is PersonKind.CLIENT:
        return person_key.client(making.make_client(desk, ray.agency, USER).id)
    return person_key.staff(make_colleague(desk, ray.agency, USER, office=make_office(desk, ray.agency)).id)


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Runs functions in threads of their own that all start together; gives what each returned or raised."""

    def run(*functions: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(functions))
        outcomes: list[Any] = [None] * len(functions)

        def one(number: int, function: Callable[[], Any]) -> None:
            start.wait()
            try:
                outcomes[number] = function()
            except Exception as error:  # noqa: BLE001 - whatever it was, the test looks at it
                outcomes[number] = error

        threads = [threading.Thread(target=one, args=(number, function)) for number, function in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return outcomes

    return run


@pytest.fixture
def active(desk: Desk, clock: ManualClock, ray: MadeAgency, brent: Client) -> Identity:
    """Brent's account, activated; the five minutes since the welcome mail are over."""
    identity = making.give_account(desk, ray.admin, brent)
    clock.advance(minutes=5)
    return identity


@pytest.fixture
def bring(desk: Desk, clock: ManualClock, ray: MadeAgency, brent: Client) -> Bring:
    """Brings Brent's account into a state; the five minutes since the last mail are over."""

    def to(state: IdentityState | None) -> None:
        if state is not None:
            password = None if state is IdentityState.PENDING else PASSWORD
            making.give_account(desk, ray.admin, brent, password=password)
        if state is IdentityState.DEACTIVATED:
            desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left")
        clock.advance(minutes=5)

    return to


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Every bcrypt that is worked out, by the stored form that it was worked out for."""
    done: list[bytes] = []
    checkpw, hashpw = bcrypt.checkpw, bcrypt.hashpw

    def counted_check(password: bytes, hashed: bytes) -> bool:
        done.append(hashed)
        return checkpw(password, hashed)

    def counted_hash(password: bytes, salt: bytes) -> bytes:
        done.append(salt)
        return hashpw(password, salt)

    monkeypatch.setattr(bcrypt, "checkpw", counted_check)
    monkeypatch.setattr(bcrypt, "hashpw", counted_hash)
    yield done
