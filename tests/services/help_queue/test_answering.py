"""The desk's side of the help queue: one has a request, all of it is written down, nobody sees what is not theirs."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from models.client import Client
from models.help_queue import HelpRequest, KioskVisit
from models.identity import Identity
from models.states import AuditResult, HelpAuthor, HelpState, KioskStep, Role
from services import person_key
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.help_queue.chats import HelpQuery
from services.help_queue.values import Chat, Ticket
from tests import making
from tests.making import HERE, MadeAgency
from tests.services.creating import make_office
from tests.services.help_queue.asking import asks, begin_visit, client_signed_in, make_kiosk, request, stored
from tests.services.officing import join, make_lookers


@pytest.fixture
def kiosk(desk: Desk, ray: MadeAgency) -> Origin:
    return make_kiosk(desk, ray.agency)


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> Actor:
    return making.make_staff(desk, ray.agency, "ann@example.com")


@pytest.fixture
def ticket(desk: Desk, kiosk: Origin) -> Ticket:
    return asks(desk, kiosk)


def listed(desk: Desk, actor: Actor, **query: Any) -> list[int]:
    return list(desk.help_queue.rows(actor, HelpQuery(**query)).keys(lambda: False))


def test_of_two_who_take_at_once_one_gets_it_and_the_other_hears_who(
    desk: Desk, ray: MadeAgency, ann: Actor, ticket: Ticket, at_once: Callable[..., list[Any]]
) -> None:
    takes = [partial(desk.help_queue.take, actor, ticket.request_id) for actor in (ray.admin, ann)]
    outcomes = at_once(*takes)
    [chat] = [outcome for outcome in outcomes if isinstance(outcome, Chat)]
    [refusal] = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert f"{chat.row.agent} has this request" in refusal.sentence
    assert [entry.result for entry in making.entries(desk.ctx, "help_taken")].count(AuditResult.DONE) == 1
    assert len(stored(desk)) == 1


def test_both_sides_speak_in_one_order(
    desk: Desk, ann: Actor, ticket: Ticket, at_once: Callable[..., list[Any]]
) -> None:
    desk.help_queue.take(ann, ticket.request_id)
    outcomes = at_once(
        *(partial(desk.help_asking.say, ticket, f"person {number}") for number in range(4)),
        *(partial(desk.help_queue.say, ann, ticket.request_id, f"agent {number}") for number in range(4)),
    )
    assert outcomes == [None] * 8
    asked, chat = desk.help_asking.look(ticket), desk.help_queue.chat(ann, ticket.request_id)
    assert [line.number for line in asked.lines] == list(range(1, 10))
    assert asked.lines == chat.lines
    assert chat.version == 10
    assert {line.name for line in asked.lines} == {"", "Brent", "Ann"}


def test_taking_ones_own_again_changes_nothing(desk: Desk, ann: Actor, ticket: Ticket) -> None:
    once = desk.help_queue.take(ann, ticket.request_id)
    assert desk.help_queue.take(ann, ticket.request_id) == once


def test_only_whoever_has_it_answers(desk: Desk, ray: MadeAgency, ann: Actor, ticket: Ticket) -> None:
    with pytest.raises(Refused, match="Take it, then answer"):
        desk.help_queue.say(ann, ticket.request_id, "hello")
    desk.help_queue.take(ann, ticket.request_id)
    with pytest.raises(Refused, match="Ann Agent has this request"):
        desk.help_queue.say(ray.admin, ticket.request_id, "hello")


def test_a_note_is_for_colleagues_only(desk: Desk, ray: MadeAgency, ann: Actor, ticket: Ticket) -> None:
    desk.help_queue.take(ann, ticket.request_id)
    desk.help_queue.note(ray.admin, ticket.request_id, "was here yesterday, code 482913")
    assert all(line.author is not HelpAuthor.NOTE for line in desk.help_asking.look(ticket).lines)
    line = desk.help_queue.chat(ann, ticket.request_id).lines[-1]
    assert (line.author, line.name, line.words) == (HelpAuthor.NOTE, "Sue Wright", "was here yesterday, code ••••")


def test_what_an_agent_says_is_cleaned_as_well(desk: Desk, ann: Actor, ticket: Ticket) -> None:
    desk.help_queue.take(ann, ticket.request_id)
    desk.help_queue.say(ann, ticket.request_id, "\x1b]52;c;aGk=\x07 your code is 7K3M-9QXZ [b]")
    assert desk.help_asking.look(ticket).lines[-1].words == "]52;c;aGk= your code is •••• [b]"
    with pytest.raises(Invalid, match="10,000"):
        desk.help_queue.say(ann, ticket.request_id, "a" * 10_000)


def test_it_is_handed_to_a_colleague_with_a_note(desk: Desk, ray: MadeAgency, ann: Actor, ticket: Ticket) -> None:
    desk.help_queue.take(ray.admin, ticket.request_id)
    [colleague] = desk.help_queue.colleagues(ray.admin, ticket.request_id)
    assert (colleague.name, colleague.signed_in) == ("Ann Agent", True)
    desk.help_queue.hand_over(ray.admin, ticket.request_id, colleague.identity_id, "knows him")
    chat = desk.help_queue.chat(ann, ticket.request_id)
    assert (chat.row.mine, chat.row.agent) == (True, "Ann Agent")
    assert [line.words for line in chat.lines][-2:] == ["knows him", "Ann is here for you now."]
    assert desk.help_asking.look(ticket).agent == "Ann"
    [entry] = making.entries(desk.ctx, "help_handed_over")
    told = json.loads(entry.details)
    assert (told["before"], told["to"], entry.reason) == ("Sue Wright", "Ann Agent", "knows him")


def test_back_in_the_queue_it_waits_again(desk: Desk, ann: Actor, ticket: Ticket) -> None:
    desk.help_queue.take(ann, ticket.request_id)
    desk.help_queue.hand_over(ann, ticket.request_id, None)
    told = desk.help_asking.look(ticket)
    assert (told.state, told.agent, told.position) == (HelpState.WAITING, "", 1)
    assert desk.help_queue.counts(ann).waiting == 1


def test_a_colleague_takes_over_from_one_who_went_home(desk: Desk, ray: MadeAgency, ann: Actor, ticket: Ticket) -> None:
    desk.help_queue.take(ann, ticket.request_id)
    desk.help_queue.hand_over(ray.admin, ticket.request_id, ray.admin.identity_id)
    assert desk.help_queue.chat(ray.admin, ticket.request_id).row.mine


def test_it_is_handed_to_nobody_who_could_not_answer_it(desk: Desk, ray: MadeAgency, ann: Actor) -> None:
    offices = [make_office(desk, ray.agency, name) for name in ("Ottawa", "Windsor")]
    ticket = asks(desk, make_kiosk(desk, ray.agency, "Hall", offices[0]))
    elsewhere = join(desk, making.make_staff(desk, ray.agency, "bob@example.com"), int(offices[1].id))
    auditor = making.make_staff(desk, ray.agency, "olga@example.com", role=Role.AUDITOR)
    other = making.make_agency(desk, "OTHER-1", "x@example.com").admin
    for wrong in (elsewhere.identity_id, auditor.identity_id, other.identity_id, 4711):
        with pytest.raises(NotFound, match="cannot answer"):
            desk.help_queue.hand_over(ann, ticket.request_id, wrong)
    assert {one.name for one in desk.help_queue.colleagues(ann, ticket.request_id)} == {"Sue Wright"}


def test_closing_puts_the_transcript_into_the_history_and_the_notes_beside_it(
    desk: Desk, clock: ManualClock, ray: MadeAgency, brent: Client, ann: Actor, ticket: Ticket
) -> None:
    key = person_key.client(brent.id)
    desk.help_queue.take(ann, ticket.request_id)
    desk.help_asking.say(ticket, "my password is plum orbit")
    desk.help_queue.note(ann, ticket.request_id, "sounds tired")
    desk.help_queue.link(ann, ticket.request_id, key)
    desk.help_queue.close(ann, ticket.request_id, "sent a reset")
    [event] = [event for event in desk.people.history(ray.admin, key) if event.action == "help_closed"]
    assert event.reason == "sent a reset"
    assert [line.split(" ", 1)[1] for line in event.transcript] == [
        "Ann is here for you now.",
        "Brent: my password is ••••",
        "Ann has closed the request.",
    ]
    [entry] = making.entries(desk.ctx, "help_closed")
    assert "sounds tired" in json.loads(entry.details)["notes"]
    assert "orbit" not in str([entry.__data__ for entry in making.entries(desk.ctx)])


def test_the_transcript_of_a_long_chat_keeps_its_end(
    desk: Desk, clock: ManualClock, ann: Actor, ticket: Ticket
) -> None:
    desk.help_queue.take(ann, ticket.request_id)
    for number in range(9):
        desk.help_queue.say(ann, ticket.request_id, f"{number} " + "word " * 390)
    desk.help_queue.close(ann, ticket.request_id, "done")
    [entry] = making.entries(desk.ctx, "help_closed")
    told = json.loads(entry.details)["transcript"].split("\n")
    assert told[0].endswith("earlier lines are left out)")
    assert "Ann: 8 word" in told[-2]
    assert sum(map(len, told)) < 12_100


def test_the_person_sees_no_transcript_of_others_in_their_own_history(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, ann: Actor
) -> None:
    actor = client_signed_in(desk, active)
    ticket = desk.help_asking.ask(HERE, "Brent", "help", actor)
    desk.help_queue.take(ann, ticket.request_id)
    desk.help_queue.close(ann, ticket.request_id, "a rude man")
    [event] = [event for event in desk.own_security.events(actor) if event.action == "help_closed"]
    assert (event.reason, event.transcript) == ("", ())


def test_an_ending_needs_words(desk: Desk, ann: Actor, ticket: Ticket) -> None:
    for how in ("", " ", "x" * 201, "a\x1bb"):
        with pytest.raises(Invalid) as refusal:
            desk.help_queue.close(ann, ticket.request_id, how)
        assert set(refusal.value.problems) == {"how"}


def test_a_closed_request_is_reopened_by_whoever_goes_on_with_it(
    desk: Desk, ray: MadeAgency, ann: Actor, ticket: Ticket
) -> None:
    desk.help_queue.take(ray.admin, ticket.request_id)
    desk.help_queue.close(ray.admin, ticket.request_id, "solved")
    refused: tuple[Callable[[], object], ...] = (
        lambda: desk.help_queue.take(ann, ticket.request_id),
        lambda: desk.help_queue.say(ann, ticket.request_id, "x"),
        lambda: desk.help_queue.hand_over(ann, ticket.request_id, None),
        lambda: desk.help_queue.close(ann, ticket.request_id, "again"),
        lambda: desk.help_queue.link(ann, ticket.request_id, None),
    )
    for act in refused:
        with pytest.raises(Refused, match="closed"):
            act()
    desk.help_queue.note(ann, ticket.request_id, "he called again")
    desk.help_queue.reopen(ann, ticket.request_id)
    row = request(desk, ticket)
    assert (row.state, row.agent_id, row.closed_at) == (HelpState.TAKEN, ann.identity_id, None)
    desk.help_asking.say(ticket, "still there")
    with pytest.raises(Refused, match="not closed"):
        desk.help_queue.reopen(ann, ticket.request_id)


def test_who_was_signed_in_is_proved_and_nobody_says_otherwise(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, ann: Actor
) -> None:
    ticket = desk.help_asking.ask(HERE, "Brent", "help", client_signed_in(desk, active))
    chat = desk.help_queue.chat(ann, ticket.request_id)
    assert (chat.person, chat.proved) == (person_key.client(brent.id), True)
    with pytest.raises(Refused, match="known surely"):
        desk.help_queue.link(ann, ticket.request_id, None)


def test_an_address_typed_at_a_kiosk_is_a_proposal_until_an_agent_says_so(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, ann: Actor, kiosk: Origin
) -> None:
    visit = begin_visit(desk, kiosk, active)
    with desk.ctx.unit():
        KioskVisit.update(step=KioskStep.CODE).where(KioskVisit.id == visit).execute()
    ticket = desk.help_asking.ask(kiosk, "Brent", "help", visit_id=visit)
    key = person_key.client(brent.id)
    chat = desk.help_queue.chat(ann, ticket.request_id)
    assert (chat.person, chat.proved, chat.step, chat.visit) == (key, False, KioskStep.CODE, visit)
    desk.help_queue.take(ann, ticket.request_id)
    assert all(event.action != "help_taken" for event in desk.people.history(ann, key))
    desk.help_queue.link(ann, ticket.request_id, key)
    desk.help_queue.close(ann, ticket.request_id, "done")
    assert any(event.action == "help_closed" for event in desk.people.history(ann, key))
    desk.visits.end(visit)
    assert desk.help_queue.chat(ann, ticket.request_id).visit is None


def test_people_are_found_by_name_and_address_in_both_lists(
    desk: Desk, ray: MadeAgency, brent: Client, ann: Actor
) -> None:
    assert [found.name for found in desk.help_queue.find_people(ann, "brent")] == ["Brent Thomas"]
    assert [found.email for found in desk.help_queue.find_people(ann, "ann@")] == ["ann@example.com"]
    assert desk.help_queue.find_people(ann, "  ") == ()


def test_the_list_has_those_who_wait_first_then_the_taken_then_the_newest_closed(
    desk: Desk, ray: MadeAgency, ann: Actor, kiosk: Origin
) -> None:
    tickets = [asks(desk, kiosk, name).request_id for name in ("A", "B", "C", "D", "E", "F")]
    for number in tickets[:2]:
        desk.help_queue.close(ann, number, "done")
    for number in tickets[2:4]:
        desk.help_queue.take(ann, number)
    assert listed(desk, ann) == [tickets[index] for index in (4, 5, 2, 3, 1, 0)]
    assert listed(desk, ann, state=HelpState.TAKEN) == tickets[2:4]
    assert listed(desk, ann, words="lobby e") == [tickets[4]]
    first = desk.help_queue.rows(ann, HelpQuery()).first(2)
    assert [row.key for row in first] == tickets[4:6]
    assert first[0].cells[1:5] == ("E", "I cannot sign in", "kiosk · Lobby", "▲ waits under a minute")
    rows = desk.help_queue.rows(ann, HelpQuery()).rows(array("q", [tickets[2], 4711]))
    assert rows[tickets[2]].cells[4:] == ("● you", "Ann is here for you now.")


def test_the_counts_tell_a_bell_what_is_new(desk: Desk, ann: Actor, kiosk: Origin) -> None:
    assert desk.help_queue.counts(ann).newest == 0
    first, second = asks(desk, kiosk), asks(desk, kiosk)
    assert (desk.help_queue.counts(ann).waiting, desk.help_queue.counts(ann).newest) == (2, second.request_id)
    desk.help_queue.take(ann, first.request_id)
    counts = desk.help_queue.counts(ann)
    assert (counts.waiting, counts.mine) == (1, 1)


def test_a_request_is_seen_by_its_office_and_by_those_who_see_everything(desk: Desk, ray: MadeAgency) -> None:
    lookers = make_lookers(desk, ray)
    places: list[int | None] = [*lookers.offices, None]
    tickets = {
        office: asks(desk, make_kiosk(desk, ray.agency, f"K{number}", office)).request_id
        for number, office in enumerate(places)
    }
    for looker in lookers.all:
        expected = [number for office, number in tickets.items() if looker.sees is None or office in looker.sees]
        assert listed(desk, looker.actor) == expected
        assert desk.help_queue.counts(looker.actor).waiting == len(expected)


def test_another_agency_sees_nothing_of_it(desk: Desk, ray: MadeAgency, ticket: Ticket) -> None:
    stranger = making.make_agency(desk, "OTHER-1", "x@example.com").admin
    assert listed(desk, stranger) == []
    with pytest.raises(NotFound):
        desk.help_queue.take(stranger, ticket.request_id)
    with desk.ctx.read():
        assert HelpRequest.get_by_id(ticket.request_id).state is HelpState.WAITING


def test_auditors_look_and_clients_do_not(desk: Desk, ray: MadeAgency, active: Identity, ticket: Ticket) -> None:
    auditor = making.make_staff(desk, ray.agency, "olga@example.com", role=Role.AUDITOR)
    assert desk.help_queue.chat(auditor, ticket.request_id).row.name == "Brent"
    tries: tuple[Callable[[Actor], object], ...] = (
        lambda who: desk.help_queue.take(who, ticket.request_id),
        lambda who: desk.help_queue.note(who, ticket.request_id, "x"),
        lambda who: desk.help_queue.close(who, ticket.request_id, "x"),
    )
    for act in tries:
        with pytest.raises(Forbidden, match="change nothing"):
            act(auditor)
    client = client_signed_in(desk, active)
    looks: tuple[Callable[[], object], ...] = (
        lambda: desk.help_queue.counts(client),
        lambda: desk.help_queue.chat(client, ticket.request_id),
        lambda: listed(desk, client),
    )
    for look in looks:
        with pytest.raises(Forbidden):
            look()
