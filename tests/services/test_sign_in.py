"""Signing in: one answer and the same work for every failure, and a wait that the database counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.client import Client
from models.identity import Credential, Identity, Session
from models.states import AuditResult, CredentialKind, IdentityState, Surface
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Passwords, Secret, Verdict
from services.desk import Desk
from services.errors import Refused, SignedOut, TooSoon
from services.sign_in import WRONG, WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.signing_in import CODE, NOWHERE, USER, WRONG_PASSWORD, fails


def test_the_right_three_open_a_session(desk: Desk, ctx: Context, active: Identity) -> None:
    actor = desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    assert (actor.identity_id, actor.name, actor.origin) == (active.id, "Brent Thomas", HERE)
    with ctx.read():
        session = Session.get_by_id(actor.session_id)
    assert (session.place, session.surface) == (HERE.place, HERE.surface)
    assert session.expires_at - session.created_at == timedelta(hours=12)


@pytest.mark.parametrize(
    ("code", "user"),
    [("ray-919", USER.upper()), (" RAY-919 ", f" {USER} "), ("Ray-919", "Brent@MortgageClient.example.com")],
)
def test_company_code_and_user_name_compare_without_case(desk: Desk, active: Identity, code: str, user: str) -> None:
    assert desk.sign_in.sign_in(code, user, PASSWORD, NOWHERE).identity_id == active.id


FAILURES = {
    "wrong company code": ("RAY-918", USER, PASSWORD),
    "unknown user name": (CODE, "nobody@example.com", PASSWORD),
    "wrong password": (CODE, USER, WRONG_PASSWORD),
    "empty password": (CODE, USER, Secret("")),
    "10,000 signs": (CODE, USER, Secret("x" * 10_000)),
    "10,000 signs that are slow to normalise": (CODE, USER, Secret("\u0300\u0315" * 5_000)),
    "NUL in the password": (CODE, USER, Secret(f"{PASSWORD.reveal()}\0")),
    "pasted line break": (CODE, USER, Secret(f"{PASSWORD.reveal()}\n")),
    "several pasted lines": (CODE, USER, Secret(f"a\r\n{PASSWORD.reveal()}\r\nb")),
    "half a sign": (CODE, USER, Secret("\ud800")),
    "another case": (CODE, USER, Secret(PASSWORD.reveal().upper())),
    "everything empty": ("", "", Secret("")),
    "NUL in the names": ("RAY\0-919", f"brent\0{USER}", PASSWORD),
    "half signs in the names": ("\ud800", "\udfff@example.com", PASSWORD),
    "10,000 signs in the names": ("R" * 10_000, f"{'b' * 10_000}@example.com", PASSWORD),
    "line breaks in the names": (f"{CODE}\n{CODE}", f"{USER}\n{USER}", PASSWORD),
    "query signs in the names": ("'; DROP TABLE agency; --", "%_*@example.com", PASSWORD),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_gets_one_answer_and_takes_one_hash(
    desk: Desk, active: Identity, work: list[bytes], failure: str
) -> None:
    refused = fails(desk, *FAILURES[failure])
    assert (refused.sentence, refused.wait) == (WRONG, 1)
    assert len(work) == 1


@pytest.mark.parametrize("state", [IdentityState.PENDING, IdentityState.DEACTIVATED])
def test_an_account_that_is_not_active_gets_the_same_answer_to_its_right_password(
    desk: Desk, ctx: Context, active: Identity, work: list[bytes], state: IdentityState
) -> None:
    with ctx.unit():
        Identity.update(state=state).where(Identity.id == active.id).execute()
    assert fails(desk, CODE, USER, PASSWORD).sentence == WRONG
    assert len(work) == 1
    with ctx.read():
        assert Session.select().where(Session.identity == active.id).count() == 0


@pytest.mark.parametrize(
    "verifier", ["", "x", "dk1$1$", "dk1$9$$2b$04$" + "." * 53, "dk2$1$$2b$04$" + "." * 53, "dk1$1$$2b$31$" + "." * 53]
)
def test_a_malformed_verifier_gets_the_same_answer_and_the_same_work(
    desk: Desk, ctx: Context, active: Identity, work: list[bytes], verifier: str
) -> None:
    with ctx.unit():
        Credential.update(verifier=verifier).execute()
    assert fails(desk, CODE, USER, PASSWORD).sentence == WRONG
    assert len(work) == 1


def test_a_pending_account_without_a_password_gets_the_same_answer(
    desk: Desk, ray: MadeAgency, brent: Client, work: list[bytes]
) -> None:
    making.give_account(desk, ray.admin, brent, password=None)
    assert fails(desk, CODE, USER, PASSWORD).sentence == WRONG
    assert len(work) == 1


def test_success_takes_one_hash_too(desk: Desk, active: Identity, work: list[bytes]) -> None:
    desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    assert len(work) == 1


def test_the_password_is_checked_at_one_place_with_no_transaction_open(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bool]] = []
    verify = Passwords.verify

    def spied(self: Passwords, secret: Secret, stored: str | None) -> Verdict:
        seen.append((ctx.database.transaction_depth(), ctx.database.is_closed()))
        return verify(self, secret, stored)

    monkeypatch.setattr(Passwords, "verify", spied)
    for code, user, password in [*FAILURES.values(), (CODE, USER, PASSWORD)]:
        seen.clear()
        try:
            desk.sign_in.sign_in(code, user, password, NOWHERE)
        except TooSoon:
            assert seen == []
        except WrongCredentials:
            assert seen == [(0, True)]


def test_the_same_user_name_in_two_agencies_is_two_accounts(desk: Desk, ray: MadeAgency, active: Identity) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    twin = making.make_staff(desk, other.agency, USER)
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE).agency_id == ray.agency.id
    assert desk.sign_in.sign_in("OTHER-1", USER, PASSWORD, NOWHERE).identity_id == twin.identity_id


def test_a_password_changed_while_it_is_checked_does_not_sign_in(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = Passwords.verify

    def slow(self: Passwords, secret: Secret, stored: str | None) -> Verdict:
        verdict = verify(self, secret, stored)
        with ctx.unit():
            Credential.update(verifier=self.hash(Secret("meanwhile another one"))).execute()
        return verdict

    monkeypatch.setattr(Passwords, "verify", slow)
    assert fails(desk, CODE, USER, PASSWORD).sentence == WRONG


def test_an_account_deactivated_while_the_password_is_checked_does_not_sign_in(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = Passwords.verify

    def slow(self: Passwords, secret: Secret, stored: str | None) -> Verdict:
        verdict = verify(self, secret, stored)
        with ctx.unit():
            Identity.update(state=IdentityState.DEACTIVATED).where(Identity.id == active.id).execute()
        return verdict

    monkeypatch.setattr(Passwords, "verify", slow)
    assert fails(desk, CODE, USER, PASSWORD).sentence == WRONG
    with ctx.read():
        assert Session.select().where(Session.identity == active.id).count() == 0


def test_a_hash_of_another_cost_is_made_anew_at_a_successful_sign_in(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    with ctx.unit():
        Credential.update(verifier=Passwords(ctx.keys, 5).hash(PASSWORD)).execute()
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)
    with ctx.read():
        stored = Credential.get((Credential.identity == active.id) & (Credential.kind == CredentialKind.PASSWORD))
    assert "$2b$04$" in stored.verifier
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)


def test_signing_out_ends_the_session(desk: Desk, ctx: Context, active: Identity) -> None:
    actor = desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    desk.sign_in.sign_out(actor)
    with pytest.raises(SignedOut, match="you signed out"):
        desk.own.home(actor)
    desk.sign_in.sign_out(actor)
    assert len(making.entries(ctx, "signed_out")) == 1


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        ("wrong company code", "unknown company code"),
        ("unknown user name", "unknown user name"),
        ("wrong password", "wrong password"),
    ],
)
def test_the_audit_keeps_the_cause_that_the_person_is_not_told(
    desk: Desk, ctx: Context, active: Identity, failure: str, cause: str
) -> None:
    fails(desk, *FAILURES[failure])
    entry = making.entries(ctx, "sign_in_failed")[-1]
    assert (entry.reason, entry.result) == (cause, AuditResult.FAILED)


def test_success_failure_and_delay_stand_in_the_history_of_the_client(
    desk: Desk, ctx: Context, clock: ManualClock, brent: Client, active: Identity
) -> None:
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in(CODE, USER, WRONG_PASSWORD, HERE)
    with pytest.raises(TooSoon):
        desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    clock.advance(seconds=1)
    desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    told = [entry for entry in making.entries(ctx) if entry.action.startswith("sign")]
    assert [(entry.action, entry.result) for entry in told] == [
        ("sign_in_failed", AuditResult.FAILED),
        ("sign_in_delayed", AuditResult.REFUSED),
        ("signed_in", AuditResult.DONE),
    ]
    assert {(entry.client_id, entry.identity_id, entry.place) for entry in told} == {(brent.id, active.id, HERE.place)}


def test_what_was_typed_as_a_user_name_is_kept_only_if_it_is_an_address(
    desk: Desk, ctx: Context, ray: MadeAgency
) -> None:
    fails(desk, CODE, PASSWORD.reveal(), Secret(""))
    assert PASSWORD.reveal() not in str([entry.__data__ for entry in making.entries(ctx)])


def test_no_table_tells_which_addresses_were_tried(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    fails(desk, CODE, "nobody@example.com", WRONG_PASSWORD)
    assert all("nobody" not in key for key in making.throttles(ctx))


def test_wrong_credentials_are_a_refusal_for_screens_that_know_no_more() -> None:
    assert isinstance(WrongCredentials(1), Refused)


def test_somebody_at_the_command_line_has_nothing_to_sign_out_of(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    actor = Actor(ray.agency.id, None, None, "root", ray.admin.role, Origin(Surface.COMMAND))
    desk.sign_in.sign_out(actor)
    assert making.entries(ctx, "signed_out") == []
