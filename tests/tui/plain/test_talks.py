"""Whole talks: what people type to get in, to look after their own account, and to help others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.audit import AuditEntry
from models.client import Client
from models.identity import Identity
from models.states import IdentityState, MailPurpose, Role, TokenPurpose
from services import person_key, sessions
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Unavailable
from services.properties.values import MortgageFields, PropertyFields
from services.remembered import recall
from tests import making
from tests.enrolling import app_behind, enrol
from tests.making import HERE, PASSWORD, MadeAgency
from tests.recovering import answer
from tests.services.verification.calling import newest_code
from tests.talking import talk
from tui.plain.lines import Idle

CODE, ADDRESS = "RAY-919", "brent@mortgageclient.example.com"
MINE = PASSWORD.reveal()
NEW = "lantern copper meadow nine"
ANSWERS = ("1", "Elm Street", "1", "Hillside", "1", "Miss Honey")


def later(clock: ManualClock, answer: str) -> Callable[[], str]:
    """An answer for which somebody has waited as long as they were told."""

    def typed() -> str:
        clock.advance(seconds=5)
        return answer

    return typed


def mailed(desk: Desk, client: Client) -> Callable[[], str]:
    """The code of the newest mail to a client, once it is asked for."""
    return lambda: making.sent_secrets(desk.ctx, making.identity_of(desk.ctx, client)).code


def test_signing_in_is_remembered_and_the_next_time_only_the_password_is_typed(
    desk: Desk, ray: MadeAgency, clock: ManualClock
) -> None:
    first = talk(desk, "1", "", CODE, "sue@raystaging.example.com", "wrong password", later(clock, MINE), "b", "q")
    assert "do not belong together" in first.heard
    assert "You are signed in as Sue Wright, administrator." in first.heard
    assert first.typist.unseen == ["wrong password", MINE]
    assert recall(desk.ctx.settings.remembered_path).company_code == CODE
    again = talk(desk, "1", "y", MINE)
    assert "You are signed in as Sue Wright" in again.heard
    # The end of the input leaves, and leaving signs out.
    assert [entry.action for entry in making.entries(desk.ctx)][-1] == "signed_out"


def test_a_wrong_code_of_the_app_is_told_and_going_back_signs_nobody_in(
    desk: Desk, ray: MadeAgency, clock: ManualClock
) -> None:
    app = enrol(desk.ctx, ray.admin.identity_id or 0)
    wrong, right = app.wrong(clock.now()).reveal(), app.code(clock.now()).reveal()
    stopped = talk(desk, "1", CODE, "sue@raystaging.example.com", MINE, wrong, "b", "q")
    assert "You are signed in" not in stopped.heard
    done = talk(desk, "1", "y", MINE, right)
    assert "You are signed in as Sue Wright" in done.heard


def test_from_the_welcome_mail_to_the_first_question_answered(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    told = talk(
        desk, "3", "no code", mailed(desk, brent), ADDRESS, "short", NEW, "other", NEW, NEW, "y", NEW, *ANSWERS, "q"
    )
    assert "This is neither a whole link nor a code" in told.heard
    assert "This password is too short." in told.heard
    assert "The two are not the same." in told.heard
    assert "Your password has been set." in told.heard
    assert "Step 1 of 1: security questions." in told.heard
    assert "You are signed in as Brent Thomas, client." in told.heard
    assert NEW not in told.heard


def test_a_temporary_password_leads_through_all_first_steps(desk: Desk, clock: ManualClock) -> None:
    ray = making.make_agency(desk, factor="everybody")
    brent = making.make_client(desk, ray.agency)
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    identity = making.identity_of(desk.ctx, brent)
    clock.advance(minutes=6)
    desk.temporary.send(ray.admin, person_key.client(brent.id))
    [mail] = making.mails(desk.ctx, identity, MailPurpose.TEMPORARY)
    temporary = making.temporary_in(desk.ctx, mail).reveal()

    def app_code() -> str:
        return app_behind(desk.ctx, identity.id).code(clock.now()).reveal()

    steps = ("n", "y", NEW, NEW, "000000", app_code, "n", "y", "n", "(519) 555-0199", *ANSWERS)
    told = talk(desk, "1", CODE, ADDRESS, temporary, *steps, "b", "q")
    assert "Step 5 of 5: security questions." in told.heard
    assert "Group 8: " in told.heard
    assert "10 recovery codes now" in told.heard
    assert "Your account is set up." in told.heard
    assert making.identity_of(desk.ctx, brent).cell == "+15195550199"
    key = app_behind(desk.ctx, identity.id).key
    assert key not in told.heard.replace(" ", "").replace("\n", "")


def test_whoever_stops_in_the_first_steps_hears_what_that_means_and_is_signed_out(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    making.give_account(desk, ray.admin, brent)
    with desk.ctx.unit():
        making.secure(desk.ctx, secured=False)
    told = talk(desk, "1", CODE, ADDRESS, MINE, "b", "y", "q")
    assert "You are asked again at the next sign-in" in told.heard
    assert "You are signed out." in told.heard


def test_a_forgotten_password_by_one_mail(desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock) -> None:
    making.give_account(desk, ray.admin, brent)
    clock.advance(minutes=6)
    told = talk(desk, "2", ADDRESS, "other@example.com", ADDRESS, ADDRESS, "y", mailed(desk, brent), NEW, NEW, "y", NEW)
    assert "You are signed in as Brent Thomas" in told.heard
    asked = told.heard.split("This is for")[0]
    unknown = talk(desk, "2", "nobody@example.com", "nobody@example.com", "n")
    answers = [" ".join(heard.split("again:\n")[-1].split("Do you")[0].split()) for heard in (asked, unknown.heard)]
    assert answers[0].replace(ADDRESS, "nobody@example.com") == answers[1]


def test_a_forgotten_password_by_two_mails_with_questions_and_an_app(desk: Desk, clock: ManualClock) -> None:
    ray = making.make_agency(desk, reset_mails=2)
    brent = making.make_client(desk, ray.agency)
    identity = making.give_account(desk, ray.admin, brent)
    right = [answered.answer.reveal() for answered in answer(desk.ctx, identity)]
    app = enrol(desk.ctx, identity.id)
    # Without a mail server one mail is enough, whatever the agency asks for.
    posted = Desk(making.with_mail_server(desk.ctx))
    clock.advance(minutes=6)
    answers = ("not right", *right[1:], *right, later(clock, "y"))
    codes = (app.wrong(clock.now()).reveal(), later(clock, app.code(clock.now()).reveal()))
    told = talk(posted, "2", ADDRESS, ADDRESS, "y", mailed(desk, brent), "y", *answers, *codes, "n")
    assert "A second mail brings you a temporary password" in told.heard
    assert "These answers are not right." in told.heard
    assert f"A temporary password is on its way to {ADDRESS}." in told.heard
    assert set(told.typist.unseen) >= {*right, codes[0]}


def test_a_link_that_is_over_is_told_and_a_fresh_one_sent(
    desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    link = making.sent_secrets(desk.ctx, making.identity_of(desk.ctx, brent)).link
    clock.advance(days=8)
    told = talk(desk, "3", link, "y")
    assert "Expired" in told.heard
    assert "A fresh mail is on its way" in told.heard
    assert len(making.tokens_of(desk.ctx, making.identity_of(desk.ctx, brent))) == 2


def test_changing_the_password_asks_for_the_present_one_until_it_is_right(
    desk: Desk, ray: MadeAgency, clock: ManualClock
) -> None:
    told = talk(desk, "4", "1", NEW, NEW, "wrong", later(clock, MINE), actor=ray.admin)
    assert "Your password has been changed." in told.heard
    assert desk.sign_in.sign_in(CODE, "sue@raystaging.example.com", Secret(NEW), HERE)


def test_setting_up_an_app_under_my_account(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    def app_code() -> str:
        return app_behind(desk.ctx, ray.admin.identity_id or 0).code(clock.now()).reveal()

    told = talk(desk, "4", "3", "1", MINE, app_code, "y", "b", actor=ray.admin)
    assert "Two-step sign-in is on." in told.heard
    assert "Make new recovery codes; 10 of 10 are left" in told.heard


def test_ending_another_session(desk: Desk, ray: MadeAgency) -> None:
    other = desk.sign_in.sign_in(CODE, "sue@raystaging.example.com", PASSWORD, HERE)
    told = talk(desk, "4", "4", "1", "y", "5", "n", actor=ray.admin)
    assert "You are also signed in elsewhere: desk, 203.0.113.7" in told.heard
    assert "Ended." in told.heard
    assert "Sue Wright ended" in told.heard.replace("\n", " ")
    with pytest.raises(Exception, match="has ended"):
        desk.own.home(other)


def test_a_desk_left_alone_locks_and_the_password_goes_on(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    told = talk(desk, Idle, "wrong", later(clock, MINE), "1", "thomas", actor=ray.admin)
    assert "This desk is locked" in told.heard
    assert "Unlocked." in told.heard
    assert told.heard.count("Words to search for") == 1
    assert [entry.action for entry in making.entries(desk.ctx)].count("session_unlocked") == 2


def test_staff_find_somebody_hear_why_and_mend_it(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    told = talk(desk, "1", "zzz", "1", "thom", "1", "3", "y", "1", actor=ray.admin)
    assert "0 clients found. Search for other words." in told.heard
    assert "1 client found:\n1: Brent Thomas, no account, " in told.heard
    assert "To mend it: Create account and send welcome." in told.heard
    assert "An account is created for Brent Thomas." in told.heard
    assert "not activated: welcome mail queued" in told.heard
    assert making.identity_of(desk.ctx, brent).state is IdentityState.PENDING


def test_a_corrected_address_tells_its_consequences_and_verifies_the_caller_first(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    making.give_account(desk, ray.admin, brent)
    with desk.ctx.unit():
        Identity.update(role=Role.SUPERVISOR).where(Identity.id == ray.admin.identity_id).execute()
    supervisor = replace(ray.admin, role=Role.SUPERVISOR)
    told = talk(
        desk, "1", "thomas", "1", "2", "3", "new@example.com", "y", "1", "4", "I know the voice", "b", actor=supervisor
    )
    assert "Whoever reads the mail of" in told.heard
    assert "The caller must be verified first." in told.heard
    assert "Mail a code and let it be read out, not now: No mail server" in told.heard
    assert "The e-mail address has been changed to new@example.com." in told.heard
    entry = making.entries(desk.ctx, "client_changed")[-1]
    assert "I know the voice" in entry.details


def test_closing_and_opening_an_account_with_a_reason(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    making.give_account(desk, ray.admin, brent)
    closed = talk(desk, "1", "thomas", "1", "6", "y", "left the agency", "?", actor=ray.admin)
    assert "Done: deactivate the account of Brent Thomas." in closed.heard
    # What the numbers stand for has changed, and so they are said again without being asked for.
    assert "Reactivate the account" in closed.heard.split("Done:")[1].split("?")[0]
    with desk.ctx.read():
        assert AuditEntry.get(AuditEntry.action == "account_deactivated").reason == "left the agency"


def test_whoever_may_not_is_told_why_and_it_stands_in_the_audit(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    auditor = making.make_staff(desk, ray.agency, "ada@raystaging.example.com", role=Role.AUDITOR)
    told = talk(desk, "1", "thomas", "1", "5", actor=auditor)
    assert "Edit, or correct" not in told.heard.replace("Edit: Auditors", "")
    assert "Auditors look at everything and change nothing." in told.heard


def test_a_fault_costs_the_task_and_tells_a_reference(
    desk: Desk, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret text")

    monkeypatch.setattr(type(desk.own_security), "overview", broken)
    told = talk(desk, "4", "1", "x", actor=ray.admin)
    assert "give your administrator the reference" in told.heard.replace("\n", " ")
    assert "secret text" not in told.heard
    assert "Words to search for" in told.heard


def test_a_database_that_cannot_serve_is_told_and_the_talk_goes_on(
    desk: Desk, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("The database does not answer. Nothing was changed; try again.")

    with monkeypatch.context() as patched:
        patched.setattr(type(desk.own_security), "overview", away)
        told = talk(desk, "4", "q", actor=ray.admin)
    assert "The database does not answer." in told.heard
    assert told.heard.endswith("Goodbye.\n")


def test_hostile_data_reaches_nobody_as_more_than_words(desk: Desk, ray: MadeAgency) -> None:
    hostile = "[/x]\x1b]0;owned\x07\u202egnp " + "w" * 70
    making.make_client(desk, ray.agency, "h@example.com", first=hostile, last="Evil\r\n2: Fake")
    told = talk(desk, "1", "evil", "1", "1", "3", "n", "2", "b", "4", actor=ray.admin)
    assert "[/x]" in told.heard
    for line in told.heard.splitlines():
        assert len(line) < 80
        assert line.isprintable()


def test_help_is_asked_answered_and_closed(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    requests: list[int] = []

    def answered() -> str:
        [row] = desk.help_queue.rows(ray.admin, _everything()).first(5)
        requests.append(row.key)
        desk.help_queue.take(ray.admin, row.key)
        desk.help_queue.say(ray.admin, row.key, "Which address [/x]?")
        return "I am here"

    def closed() -> str:
        desk.help_queue.close(ray.admin, requests[0], "done")
        return "thank you"

    told = talk(desk, "5", CODE, "Brent Thomas", "1", "-", answered, closed, "q")
    assert "You are next." in told.heard
    assert "Sue: Which address [/x]?" in told.heard
    assert "Sue has closed this request." in told.heard
    agent = talk(desk, "3", "1", "1", "Hello again", "b", "y", "3", "back to the queue", actor=ray.admin)
    assert "Brent Thomas: I am here" in agent.heard


def _everything() -> object:
    from services.help_queue.chats import HelpQuery

    return HelpQuery()


def test_a_caller_is_verified_by_what_they_say_and_nothing_of_it_is_repeated(
    desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    posted = Desk(making.with_mail_server(desk.ctx))
    identity = making.give_account(desk, ray.admin, brent)
    right = [answered.answer.reveal() for answered in answer(desk.ctx, identity)]
    agent = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    app = enrol(desk.ctx, identity.id)
    given = ("1", "not", "at", "all", "1", later(clock, "1"), *right)
    told = talk(
        posted, "1", "thomas", "1", "6", "y", "lost phone",
        *given, "2", "mail", "12", lambda: newest_code(desk.ctx, identity).reveal(), "?", actor=agent,
    )  # fmt: skip
    assert "Needed for this: two ways" in told.heard
    assert "A code has six digits." in told.heard
    assert "4: Vouch for the caller, not now: Only a supervisor" in told.heard.replace("\n", " ")
    assert "Not all of these answers are right." in told.heard
    assert "by security questions and mailed code: enough for everything." in told.heard.replace("\n", " ")
    assert "Done: clear the second factor of Brent Thomas." in told.heard
    assert not any(said in told.heard for said in (*right, app.key))
    [entry] = [entry for entry in making.entries(desk.ctx, "factor_cleared") if entry.result == "done"]
    assert "security questions and mailed code" in entry.details


def test_a_change_of_address_is_undone_from_the_old_one(
    desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    making.give_account(desk, ray.admin, brent)
    making.verified(desk, ray.admin, person_key.client(brent.id))
    told = talk(desk, "1", "thomas", "1", "2", "3", "new@example.com", "y", actor=ray.admin)
    assert "has been changed to new@example.com" in told.heard
    [token] = making.tokens_of(desk.ctx, making.identity_of(desk.ctx, brent), TokenPurpose.UNDO_EMAIL)
    undone = talk(desk, "3", making.secrets_of(desk.ctx, token).link, "y", "q")
    assert "From: brent@mortgageclient.example.com\nTo: n" in undone.heard
    assert f"Your user name is {ADDRESS} again." in undone.heard


def test_properties_are_read_out_to_staff_and_to_their_owner(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    home = desk.properties.add(ray.admin, brent.id, PropertyFields("12 King St", "100"))
    desk.properties.add_mortgage(ray.admin, brent.id, home.id, MortgageFields("Scotia", "120", "4.89"))
    auditor = making.make_staff(desk, ray.agency, "ada@raystaging.example.com", role=Role.AUDITOR)
    identity = making.give_account(desk, ray.admin, brent)
    with desk.ctx.unit():
        owner = sessions.open_session(desk.ctx, identity, making.HERE)
    for told in (talk(desk, "1", "thomas", "1", "4", actor=auditor), talk(desk, "3", actor=owner)):
        assert "Property: address 12 King St, value $100.00, owed $120.00, equity -$20.00" in told.heard
        assert "Mortgage: lender Scotia, balance $120.00, rate 4.89%, renewal not known" in told.heard
        assert "More is owed than the property is worth, by $20.00." in told.heard
