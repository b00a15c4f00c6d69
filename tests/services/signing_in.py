"""What the tests of signing in share."""

from __future__ import annotations

import pytest

from models.states import Surface
from services.actor import Origin
from services.credentials.passwords import Secret
from services.desk import Desk
from services.sign_in import WrongCredentials

CODE = "RAY-919"
USER = "brent@mortgageclient.example.com"
WRONG_PASSWORD = Secret("not the right one")
NOWHERE = Origin(Surface.DESK)


def fails(desk: Desk, code: str, user: str, password: Secret) -> WrongCredentials:
    """The refusal of a sign-in with these."""
    with pytest.raises(WrongCredentials) as refused:
        desk.sign_in.sign_in(code, user, password, NOWHERE)
    return refused.value
