"""A whole upload taken back: everything as it was, or nothing while somebody has touched one of its clients."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.client import Client, Mortgage, Property, Upload, UploadChange
from models.tables import ALL_TABLES
from services import person_key
from services.audit import Action
from services.clients.importing.uploads import UploadState
from services.clients.values import ClientFields
from services.context import Context
from services.desk import Desk
from services.errors import NotFound, Refused
from services.properties.values import MortgageFields, PropertyFields
from tests import making
from tests.making import MadeAgency
from tests.services.officing import make_lookers
from tests.services.uploading import ANN, HOUSE, PERSON, Uploader, clients, counts, loans, numbered, stop_after

_MOVES_ON = {"version", "changed_at", "changed_by", "upload"}
_NOT_COMPARED = {"AuditEntry", "AuditHead", "Throttle", "Upload", "Session"}
WHOLE = (
    f"{PERSON},Address,Property Value,Lender,Balance,Rate,Renewal,Payment,Payment Frequency,Term,Amortization,"
    "Anniversary Date\n"
)


def stored(ctx: Context) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables but the audit, without what only moves on."""
    with ctx.read():
        return {
            table.__name__: [
                {name: value for name, value in row.items() if name not in _MOVES_ON}
                for row in table.select().order_by(table._meta.primary_key).dicts()
            ]
            for table in ALL_TABLES
            if table.__name__ not in _NOT_COMPARED
        }


def undo(upload: Uploader, upload_id: int | None) -> tuple[int, int]:
    assert upload_id is not None
    report = upload.desk.uploads.undo(upload.actor, upload_id)
    return report.removed, report.restored


def touched(upload: Uploader, upload_id: int | None) -> list[tuple[str, str, str]]:
    assert upload_id is not None
    check = upload.desk.uploads.check_undo(upload.actor, upload_id)
    assert check.touched_count == len(check.touched)
    return [(one.name, one.who, one.what) for one in check.touched]


def test_what_was_added_is_removed_and_what_was_changed_is_as_before(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    before = stored(ctx)
    second = upload(
        HOUSE.replace("3.79", "4.5").replace("Lee,ann", "Li,ann")
        + "Ann,Li,ann@example.ca,1 Main St,TD,5,4,2028-01-01\nBob,Ray,bob@example.ca,2 Oak St,TD,7,3,2029-01-01\n"
    )
    assert counts(second) == (1, 1, 0, 1, 0)
    assert len(loans(ctx)) == 3
    assert undo(upload, second.upload_id) == (1, 1)
    assert stored(ctx) == before
    assert clients(ctx)[0].version == 3
    assert upload.desk.clients.find_by_email(upload.actor, "bob@example.ca") is None


def _random_list(dice: random.Random) -> str:
    """Clients out of eight, with up to two properties and three lenders each, some figures empty, in any order."""
    rows = []
    for number in dice.sample(range(8), dice.randrange(1, 6)):
        born, day = dice.choice(("", "1970-02-03")), dice.choice(("", "Feb 22"))
        person = f"Ann{number},{dice.choice(('Lee', 'Li'))},ann{number}@example.ca,{dice.choice(('', '519-555-0143'))},"
        person += f"{born},{day},{dice.choice(('Enabled', 'Disabled'))}"
        homes = dice.sample(("1 Main St", "2 Oak St", ""), dice.randrange(3))
        rows += [f"{person},{home},{_random_loan(dice)}" for home in homes] or [f"{person},,,,,,,,,,,"]
    dice.shuffle(rows)
    return WHOLE + "".join(f"{row}\n" for row in rows)


def _random_loan(dice: random.Random) -> str:
    figures = (
        *(("", "500000"), ("TD", "MCAP"), ("", "100", "200.50"), ("3.79", "4"), ("", "2028-01-01"), ("", "1200")),
        *(("", "monthly"), ("", "5 years"), ("", "25 years"), ("", "2023-01-01", "2021-06-30")),
    )
    return ",".join(dice.choice(values) for values in figures)


@pytest.mark.parametrize("seed", range(4))
def test_undoing_gives_back_what_was_before_whatever_was_uploaded(
    upload: Uploader, ctx: Context, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.clients.importing import run as running
    from services.clients.importing import touched as searching

    monkeypatch.setattr(running, "BATCH_ROWS", 2)
    monkeypatch.setattr(searching, "PORTION", 2)
    dice = random.Random(seed)
    states, numbers = [stored(ctx)], []
    for _ in range(3):
        numbers.append(upload(_random_list(dice)).upload_id)
        states.append(stored(ctx))
    for number, state in reversed(list(zip(numbers, states, strict=False))):
        undo(upload, number)
        assert stored(ctx) == state


TOUCHES: dict[str, tuple[Callable[[Desk, MadeAgency, int], object], str]] = {
    "edited": (
        lambda desk, ray, client: desk.clients.save(ray.admin, client, 1, ClientFields("Ann", "X", "ann@example.ca")),
        "changed",
    ),
    "given an account": (
        lambda desk, ray, client: desk.accounts.create_and_welcome(ray.admin, person_key.client(client)),
        "created the account",
    ),
    "given a property": (
        lambda desk, ray, client: desk.properties.add(ray.admin, client, PropertyFields("9 Elm St", "")),
        "propert",
    ),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_an_upload_is_not_undone_once_a_client_that_it_added_was(
    upload: Uploader, ctx: Context, desk: Desk, ray: MadeAgency, touch: str
) -> None:
    number = upload(HOUSE + "Bob,Ray,bob@example.ca,,,,,\n").upload_id
    act, words = TOUCHES[touch]
    act(desk, ray, int(clients(ctx)[0].id))
    before = stored(ctx)
    ((name, who, what),) = touched(upload, number)
    assert (name.split()[0], who) == ("Ann", "Sue Wright")
    assert words in what
    with pytest.raises(Refused, match="Somebody has touched Ann"):
        undo(upload, number)
    assert stored(ctx) == before
    assert making.entries(ctx, Action.UPLOAD_UNDONE)[0].result == "refused"


def _change_loan(desk: Desk, ray: MadeAgency, client: int) -> object:
    home = desk.properties.of(ray.admin, client).properties[0]
    (loan,) = home.mortgages
    fields = MortgageFields(lender="TD", balance="5", rate="4")
    return desk.properties.change_mortgage(ray.admin, client, loan.id, home.version, fields)


EDITED = ClientFields("A", "X", "ann@example.ca")
CHANGES: dict[str, Callable[[Desk, MadeAgency, int], object]] = {
    "edited": lambda desk, ray, client: desk.clients.save(
        ray.admin, client, 2, ClientFields("A", "X", "ann@example.ca")
    ),
    "its mortgage changed": _change_loan,
    "given a property": TOUCHES["given a property"][0],
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_upload_is_not_undone_once_a_client_that_it_changed_was(
    upload: Uploader, ctx: Context, desk: Desk, ray: MadeAgency, change: str
) -> None:
    upload(HOUSE)
    number = upload(HOUSE.replace("3.79", "4.5").replace("Lee", "Li")).upload_id
    CHANGES[change](desk, ray, int(clients(ctx)[0].id))
    before = stored(ctx)
    assert [who for _, who, _ in touched(upload, number)] == ["Sue Wright"]
    with pytest.raises(Refused, match="so nothing was undone"):
        undo(upload, number)
    assert stored(ctx) == before


def test_the_later_of_two_uploads_must_go_first(upload: Uploader, ctx: Context) -> None:
    first = upload(ANN).upload_id
    second = upload(ANN.replace("Lee", "Li")).upload_id
    assert [name for name, *_ in touched(upload, first)] == ["Ann Li"]
    with pytest.raises(Refused, match="touched Ann Li"):
        undo(upload, first)
    assert undo(upload, second) == (0, 1)
    assert undo(upload, first) == (1, 0)


def test_a_change_by_hand_between_two_portions_of_an_upload_counts(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    upload(HOUSE)
    seen: list[int] = []

    def edit(_: object) -> None:
        if not seen:
            fields = ClientFields("Ann", "Hand", "ann@example.ca")
            seen.append(upload.desk.clients.save(upload.actor, int(clients(ctx)[0].id), 2, fields).record.version)

    others = numbered(3).split("\n", 1)[1].replace("\n", ",,,,,\n")
    text = f"{HOUSE.replace('Lee,ann', 'Li,ann')}{others}Ann,Li,ann@example.ca,2 Oak St,TD,1,2,2029-01-01\n"
    report = upload(text, on_progress=edit)
    assert [name for name, *_ in touched(upload, report.upload_id)] == ["Ann Hand"]


def test_an_anniversary_that_a_later_portion_of_an_upload_changed_is_given_back(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    header = "First Name,Last Name,Email,Address,Anniversary Date\n"
    upload(f"{header}Ann,Lee,ann@example.ca,1 Main St,2020-05-01\n")
    before = stored(ctx)
    others = numbered(3).split("\n", 1)[1].replace("\n", ",,\n")
    second = upload(
        f"{header}Ann,Lee,ann@example.ca,2 Oak St,2021-06-01\n{others}Ann,Lee,ann@example.ca,3 Elm St,2019-03-01\n"
    )
    assert clients(ctx)[0].anniversary == 301
    undo(upload, second.upload_id)
    assert stored(ctx) == before


def test_an_account_follows_the_name_back(upload: Uploader, ctx: Context, desk: Desk, ray: MadeAgency) -> None:
    upload(ANN)
    making.give_account(desk, ray.admin, clients(ctx)[0])
    number = upload(ANN.replace("Lee", "Li")).upload_id
    assert undo(upload, number) == (0, 1)
    assert making.identity_of(ctx, clients(ctx)[0]).name == "Ann Lee"
    assert clients(ctx)[0].name_key == "ann lee"


def test_an_upload_is_undone_once_and_the_same_file_can_be_taken_in_anew(upload: Uploader, ctx: Context) -> None:
    path = upload.file(ANN)
    first = upload(path).upload_id
    assert undo(upload, first) == (1, 0)
    with pytest.raises(Refused, match="undone already, by Sue Wright"):
        undo(upload, first)
    again = upload(path)
    assert (counts(again), again.resumed_from) == ((1, 0, 0, 0, 0), 0)
    assert again.upload_id != first
    states = [view.state for view in upload.desk.uploads.all(upload.actor)]
    assert states == [UploadState.DONE, UploadState.UNDONE]


def test_a_removed_clients_number_is_not_given_again(upload: Uploader, ctx: Context) -> None:
    number = upload(HOUSE).upload_id
    before = clients(ctx)[0].id
    undo(upload, number)
    upload(HOUSE)
    assert clients(ctx)[0].id > before


def test_a_stopped_upload_can_be_undone_and_is_not_gone_on_with(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    path = upload.file(numbered(8))
    number = upload(path, cancelled=stop_after(1)).upload_id
    assert undo(upload, number) == (3, 0)
    report = upload(path)
    assert (report.resumed_from, report.added) == (0, 8)


def test_an_upload_that_is_undone_while_it_runs_stores_no_more(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    def take_back(_: object) -> None:
        upload.desk.uploads.undo(upload.actor, upload.desk.uploads.all(upload.actor)[0].id)

    with pytest.raises(Refused, match="This upload was undone"):
        upload(numbered(8), on_progress=take_back)
    assert clients(ctx) == []


def test_undoing_that_is_stopped_undoes_nothing(
    upload: Uploader, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.clients.importing import touched as searching

    monkeypatch.setattr(searching, "PORTION", 2)
    number = upload(numbered(5)).upload_id
    assert number is not None
    before = stored(ctx)
    told: list[tuple[int, int]] = []
    with pytest.raises(Refused, match="Nothing was undone"):
        upload.desk.uploads.undo(
            upload.actor, number, on_progress=lambda *done: told.append(done), cancelled=stop_after(1)
        )
    assert (stored(ctx), told) == (before, [(2, 5), (4, 5)])


def test_all_who_are_in_the_way_are_written_into_a_file(upload: Uploader, ctx: Context, tmp_path: Path) -> None:
    number = upload(numbered(3)).upload_id
    assert number is not None
    for number_of, client in enumerate(clients(ctx)):
        fields = ClientFields("Ann", "X", f"ann{number_of}@example.ca")
        upload.desk.clients.save(upload.actor, int(client.id), 1, fields)
    path = tmp_path / "touched.csv"
    upload.desk.uploads.check_undo(upload.actor, number, report=path)
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 4


def test_more_than_can_be_named_are_counted(upload: Uploader, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.clients.importing import uploads as module

    monkeypatch.setattr(module, "SHOWN_TOUCHED", 2)
    number = upload(numbered(3)).upload_id
    assert number is not None
    for number_of, client in enumerate(clients(ctx)):
        fields = ClientFields("Ann", "X", f"ann{number_of}@example.ca")
        upload.desk.clients.save(upload.actor, int(client.id), 1, fields)
    check = upload.desk.uploads.check_undo(upload.actor, number)
    assert (len(check.touched), check.touched_count, check.added) == (2, 3, 3)


def test_somebody_of_one_office_or_another_agency_neither_sees_nor_undoes_uploads(
    upload: Uploader, desk: Desk, ray: MadeAgency
) -> None:
    number = upload(ANN).upload_id
    assert number is not None
    eve = making.make_agency(desk, "OTHER", "eve@example.com").admin
    assert desk.uploads.all(eve) == ()
    of_one = make_lookers(desk, ray).of_one.actor
    for actor, error, words in ((eve, NotFound, "no such upload"), (of_one, Refused, "of all offices")):
        for act in (desk.uploads.check_undo, desk.uploads.undo):
            with pytest.raises(error, match=words):
                act(actor, number)
    with pytest.raises(Refused, match="of all offices"):
        desk.uploads.all(of_one)


def test_the_journal_holds_only_who_was_changed(upload: Uploader, ctx: Context) -> None:
    upload(numbered(5))
    report = upload(numbered(7).replace("Ann3,Lee", "Ann3,Li"))
    with ctx.read():
        assert [(row.upload_id, row.version) for row in UploadChange.select()] == [(report.upload_id, 2)]
        assert {row.upload_id for row in Client.select()} == {1, 2}


def test_what_is_undone_is_told_in_the_history(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    undo(upload, upload(ANN.replace("Lee", "Li")).upload_id)
    (entry,) = making.entries(ctx, Action.UPLOAD_UNDONE)
    assert '"removed": 0, "restored": 1, "upload": 2' in entry.details
    assert '"new_last_name": "Lee", "old_last_name": "Li"' in making.entries(ctx, Action.CLIENT_CHANGED)[-1].details


def test_a_changed_mortgage_moves_the_version_of_its_property_on(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    upload(HOUSE.replace("3.79", "4.5"))
    with ctx.read():
        assert [row.version for row in Property.select()] == [2]
        assert [row.version for row in Client.select()] == [1]
        assert Mortgage.select().count() == 1
        assert Upload.select().count() == 2
