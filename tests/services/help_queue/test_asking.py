"""Asking for a human: from a kiosk, from the sign-in form, and signed in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from models.agency import Agency
from models.client import Client
from models.help_queue import HelpRequest
from models.identity import Identity
from models.kiosk import Kiosk
from models.states import AuditResult, HelpAuthor, HelpState, Surface
from services.actor import Origin
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Invalid, Refused, TooSoon
from services.help_queue.values import Ticket
from tests import making
from tests.making import MadeAgency
from tests.services.creating import make_office
from tests.services.help_queue.asking import asks, begin_visit, client_signed_in, make_kiosk, request, stored

FORM = Origin(Surface.DESK, "203.0.113.9")


@pytest.fixture
def kiosk(desk: Desk, ray: MadeAgency) -> Origin:
    return make_kiosk(desk, ray.agency)


def test_who_asks_at_a_kiosk_waits_as_the_first(desk: Desk, ray: MadeAgency, kiosk: Origin) -> None:
    told = desk.help_asking.look(asks(desk, kiosk))
    assert (told.state, told.position, told.agent, told.usual_wait) == (HelpState.WAITING, 1, "", None)
    [entry] = making.entries(desk.ctx, "help_asked")
    assert (entry.agency_id, entry.subject, entry.place, entry.result) == (
        ray.agency.id, "Brent", "Lobby", AuditResult.DONE,
    )  # fmt: skip
    assert json.loads(entry.details)["topic"] == "I cannot sign in"


def test_the_place_in_the_queue_counts_those_who_are_still_there(desk: Desk, clock: ManualClock, kiosk: Origin) -> None:
    gone, left, third = asks(desk, kiosk), asks(desk, kiosk), asks(desk, kiosk)
    assert desk.help_asking.look(third).position == 3
    desk.help_asking.leave(left)
    assert desk.help_asking.look(third).position == 2
    clock.advance(seconds=46)
    assert desk.help_asking.look(third).position == 1
    assert desk.help_asking.look(gone).position == 1
    assert desk.help_asking.look(third).position == 2


def test_the_usual_wait_is_the_median_of_those_answered_within_a_day(
    desk: Desk, clock: ManualClock, ray: MadeAgency, kiosk: Origin
) -> None:
    for minutes in (9, 1, 3):
        ticket = asks(desk, kiosk)
        clock.advance(minutes=minutes)
        desk.help_queue.take(ray.admin, ticket.request_id)
    waiting = asks(desk, kiosk)
    assert desk.help_asking.look(waiting).usual_wait == timedelta(minutes=3)
    clock.advance(days=1)
    assert desk.help_asking.look(waiting).usual_wait is None


def test_a_ticket_opens_its_own_request_only(desk: Desk, kiosk: Origin) -> None:
    first, second = asks(desk, kiosk), asks(desk, kiosk)
    for wrong in (
        Ticket(first.request_id, second.secret),
        Ticket(first.request_id, Secret("")),
        Ticket(0, first.secret),
    ):
        with pytest.raises(Refused, match="has ended"):
            desk.help_asking.look(wrong)
        with pytest.raises(Refused, match="has ended"):
            desk.help_asking.say(wrong, "hello")
        desk.help_asking.leave(wrong)
    assert not stored(desk)
    assert first.secret.reveal() not in str(request(desk, first).__data__)


def test_looking_is_written_down_every_ten_seconds_only(desk: Desk, clock: ManualClock, kiosk: Origin) -> None:
    ticket = asks(desk, kiosk)
    began = request(desk, ticket).seen_at
    clock.advance(seconds=9)
    desk.help_asking.look(ticket)
    assert request(desk, ticket).seen_at == began
    clock.advance(seconds=1)
    desk.help_asking.look(ticket)
    assert request(desk, ticket).seen_at == clock.now()


def test_a_line_is_kept_harmless_and_without_secrets(desk: Desk, kiosk: Origin) -> None:
    ticket = asks(desk, kiosk)
    desk.help_asking.say(ticket, "\x1b[31m[/x] [@click=app.bell]\u202e my code is 7K3M-9QXZ\nthanks\0\ud800")
    [line] = desk.help_asking.look(ticket).lines
    assert line.words == "[31m[/x] [@click=app.bell] my code is •••• thanks"
    assert stored(desk) == [line.words]


@pytest.mark.parametrize("words", ["", "   ", "\x1b\u202e"])
def test_nothing_is_no_line(desk: Desk, kiosk: Origin, words: str) -> None:
    with pytest.raises(Invalid, match="nothing to send"):
        desk.help_asking.say(asks(desk, kiosk), words)


def test_ten_thousand_signs_are_refused_with_the_number(desk: Desk, kiosk: Origin) -> None:
    ticket = asks(desk, kiosk)
    with pytest.raises(Invalid, match="10,000 signs"):
        desk.help_asking.say(ticket, "a" * 10_000)
    desk.help_asking.say(ticket, "a b" * 666 + "aa")
    assert len(stored(desk)[0]) == 2_000


def test_a_flood_of_lines_is_slowed_down(desk: Desk, clock: ManualClock, kiosk: Origin) -> None:
    ticket = asks(desk, kiosk)
    for number in range(4):
        desk.help_asking.say(ticket, f"line {number}")
    with pytest.raises(TooSoon):
        desk.help_asking.say(ticket, "line 4")
    clock.advance(seconds=1)
    desk.help_asking.say(ticket, "line 4")


@pytest.mark.parametrize(
    ("name", "topic", "problems"),
    [
        ("", "", {"name", "topic"}),
        ("B" * 101, "x" * 201, {"name", "topic"}),
        ("Br\x1bent", "my \u202ecode", {"name", "topic"}),
        ("Brent", "  ", {"topic"}),
    ],
)
def test_name_and_subject_are_checked(desk: Desk, kiosk: Origin, name: str, topic: str, problems: set[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        asks(desk, kiosk, name, topic)
    assert set(refusal.value.problems) == problems


def test_a_secret_in_the_subject_is_masked_in_the_audit_too(desk: Desk, kiosk: Origin) -> None:
    ticket = asks(desk, kiosk, topic="my password is plum orbit")
    assert request(desk, ticket).topic == "my password is ••••"
    assert "plum" not in str([entry.__data__ for entry in making.entries(desk.ctx)])


def test_who_asks_again_goes_on_with_the_open_request(desk: Desk, kiosk: Origin) -> None:
    visit = begin_visit(desk, kiosk)
    first = desk.help_asking.ask(kiosk, "Brent", "one", visit_id=visit)
    desk.help_asking.leave(first)
    second = desk.help_asking.ask(kiosk, "Brent", "two", visit_id=visit)
    assert second.request_id == first.request_id
    assert desk.help_asking.look(second).lines[-1].words == "Brent asks again: two"
    assert request(desk, second).left_at is None
    with pytest.raises(Refused):
        desk.help_asking.look(first)


def test_who_is_signed_in_is_known_and_has_one_request(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    office = make_office(desk, ray.agency)
    with desk.ctx.unit():
        Client.update(office=office).where(Client.id == brent.id).execute()
    actor = client_signed_in(desk, active)
    ticket = desk.help_asking.ask(FORM, "Brent Thomas", "mortgage", actor)
    again = desk.help_asking.ask(FORM, "Brent Thomas", "mortgage", actor)
    assert again.request_id == ticket.request_id
    row = request(desk, ticket)
    assert (row.identity_id, row.client_id, row.staff_id, row.office_id) == (active.id, brent.id, None, office.id)
    [entry] = making.entries(desk.ctx, "help_asked")
    assert (entry.client_id, entry.actor_id) == (brent.id, active.id)


def test_the_seventh_request_of_an_hour_from_one_place_waits(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    for _ in range(6):
        desk.help_asking.ask(FORM, "Brent", "help")
    with pytest.raises(TooSoon, match="60 minutes"):
        desk.help_asking.ask(FORM, "Brent", "help")
    desk.help_asking.ask(Origin(Surface.DESK, "203.0.113.10"), "Ann", "help")
    clock.advance(hours=1)
    desk.help_asking.ask(FORM, "Brent", "help")


def test_a_revoked_kiosk_and_the_visit_of_another_ask_nothing(desk: Desk, ray: MadeAgency, kiosk: Origin) -> None:
    other = begin_visit(desk, make_kiosk(desk, ray.agency, "Hall"))
    over = begin_visit(desk, kiosk)
    desk.visits.end(over)
    for visit in (other, over, 4711):
        with pytest.raises(Refused, match="visit has ended"):
            desk.help_asking.ask(kiosk, "Brent", "help", visit_id=visit)
    with desk.ctx.unit():
        Kiosk.update(revoked_at=desk.ctx.clock.now()).execute()
    with pytest.raises(Refused, match="closed by an administrator"):
        desk.help_asking.ask(kiosk, "Brent", "help")
    assert {entry.result for entry in making.entries(desk.ctx, "help_asked")} == {AuditResult.REFUSED}


def test_from_the_sign_in_form_the_only_agency_is_asked_whatever_code_was_typed(desk: Desk, ray: MadeAgency) -> None:
    ticket = desk.help_asking.ask(FORM, "Brent", "help", company_code="nonsense")
    assert request(desk, ticket).agency_id == ray.agency.id
    assert desk.help_asking.look(ticket).position == 1


def test_a_stranger_does_not_learn_which_company_codes_there_are(desk: Desk, ray: MadeAgency) -> None:
    other = making.make_agency(desk, "OTHER-1", "ann@example.com")
    desk.help_asking.ask(Origin(Surface.DESK, "elsewhere"), "Zoe", "help", company_code="other-1")
    real = desk.help_asking.ask(FORM, "Brent", "help", company_code="other-1")
    false = desk.help_asking.ask(FORM, "Brent", "help", company_code="nobody-1")
    assert request(desk, real).agency_id == other.agency.id
    answers = []
    for ticket in (real, false):
        desk.help_asking.say(ticket, "hello")
        told = desk.help_asking.look(ticket)
        answers.append((told.state, told.name, told.topic, told.agent, told.position, told.usual_wait))
        assert [(line.number, line.author, line.name, line.words) for line in told.lines] == [
            (1, HelpAuthor.PERSON, "Brent", "hello")
        ]
        assert type(ticket.secret.reveal()) is str
        with pytest.raises(Invalid):
            desk.help_asking.say(ticket, "")
        desk.help_asking.leave(ticket)
    assert answers[0] == answers[1]
    with desk.ctx.read():
        assert HelpRequest.select().where(HelpRequest.agency == ray.agency).count() == 0
        assert Agency.select().count() == 2
    refused = making.entries(desk.ctx, "help_asked")[-1]
    assert (refused.agency_id, refused.result, refused.reason) == (None, AuditResult.REFUSED, "unknown company code")


@pytest.mark.parametrize("company_code", ["other-1", "nobody-1"])
def test_an_unknown_company_code_is_not_told_by_what_its_chat_refuses(
    desk: Desk, ray: MadeAgency, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, company_code: str
) -> None:
    monkeypatch.setattr("services.help_queue.lines.MOST_LINES", 5)
    making.make_agency(desk, "OTHER-1", "ann@example.com")
    ticket = desk.help_asking.ask(FORM, "Brent", "help", company_code=company_code)
    for number in range(4):
        desk.help_asking.say(ticket, f"line {number}")
    with pytest.raises(TooSoon, match="reads so fast"):
        desk.help_asking.say(ticket, "line 4")
    clock.advance(seconds=1)
    desk.help_asking.say(ticket, "line 4")
    with pytest.raises(Refused, match="all it can hold"):
        desk.help_asking.say(ticket, "line 5")
    assert len(desk.help_asking.look(ticket).lines) == 5


def test_who_leaves_is_gone_for_the_agents_and_the_request_stays(
    desk: Desk, ray: MadeAgency, clock: ManualClock, kiosk: Origin
) -> None:
    ticket = asks(desk, kiosk)
    assert desk.help_queue.chat(ray.admin, ticket.request_id).row.here
    desk.help_asking.leave(ticket)
    desk.help_asking.leave(ticket)
    chat = desk.help_queue.chat(ray.admin, ticket.request_id)
    assert (chat.row.here, chat.row.state) == (False, HelpState.WAITING)
    assert [line.words for line in chat.lines] == ["Brent has left."]


def test_a_request_whose_kiosk_died_shows_as_gone_after_three_quarters_of_a_minute(
    desk: Desk, ray: MadeAgency, clock: ManualClock, kiosk: Origin
) -> None:
    ticket = asks(desk, kiosk)
    clock.advance(seconds=44)
    assert desk.help_queue.chat(ray.admin, ticket.request_id).row.here
    clock.advance(seconds=1)
    assert not desk.help_queue.chat(ray.admin, ticket.request_id).row.here
    desk.help_asking.look(ticket)
    assert desk.help_queue.chat(ray.admin, ticket.request_id).row.here


def test_a_closed_request_is_read_but_not_answered(desk: Desk, ray: MadeAgency, kiosk: Origin) -> None:
    ticket = asks(desk, kiosk)
    desk.help_queue.take(ray.admin, ticket.request_id)
    desk.help_queue.close(ray.admin, ticket.request_id, "solved")
    told = desk.help_asking.look(ticket)
    assert (told.state, told.agent, told.position) == (HelpState.CLOSED, "Sue", 0)
    with pytest.raises(Refused, match="has ended"):
        desk.help_asking.say(ticket, "wait")


def test_where_there_are_several_agencies_somebody_unknown_names_theirs(desk: Desk, ray: MadeAgency) -> None:
    desk.help_asking.ask(FORM, "Brent", "The door")
    making.make_agency(desk, "ELM-1", "ann@elm.example.com")
    with pytest.raises(Invalid) as refused:
        desk.help_asking.ask(FORM, "Brent", "The door", company_code=" ")
    assert list(refused.value.problems) == ["company_code"]
