"""What an upload does to the people of the list: adds, changes, leaves alone, refuses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from models.database import is_postgresql
from models.states import Role
from services.audit import Action
from services.clients.importing import run as running
from services.clients.values import ClientQuery
from services.context import Context
from services.desk import Desk
from services.errors import Refused
from tests import making
from tests.making import MadeAgency
from tests.services.uploading import ANN, HOUSE, SAMPLE, Uploader, clients, counts, numbered


def test_a_new_client_is_stored_with_everything_that_follows_from_the_fields(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    upload(ANN)
    (ann,) = clients(ctx)
    assert (ann.first_name, ann.last_name, ann.email, ann.email_key) == ("Ann", "Lee", *["ann@example.ca"] * 2)
    assert (ann.phone, ann.date_of_birth, ann.anniversary, ann.subscribed) == (
        *("+15195550143", date(1972, 6, 19)),
        *(222, True),
    )
    assert (ann.name_key, ann.birthday_key, ann.renewal_key, ann.rate_key) == ("ann lee", 619, 20270826, 3790)
    assert ann.upload_id is not None


def test_a_new_client_is_found_by_name_and_phone(upload: Uploader, desk: Desk) -> None:
    upload(ANN)
    for words in ("lee", "0143", "ann@ex"):
        assert len(desk.clients.rows(upload.actor, ClientQuery(words=words)).first(5)) == 1


def test_what_the_file_lacks_is_what_a_new_client_starts_with(upload: Uploader, ctx: Context) -> None:
    upload(numbered(1))
    (ann,) = clients(ctx)
    assert (ann.phone, ann.date_of_birth, ann.anniversary, ann.subscribed, ann.version) == ("", None, 9999, True, 1)


def test_a_changed_row_changes_the_client_once(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    changed = ANN.replace("0143", "0199").replace("Enabled", "Disabled")
    assert counts(upload(changed)) == (0, 1, 0, 0, 0)
    (ann,) = clients(ctx)
    assert (ann.phone, ann.subscribed, ann.version) == ("+15195550199", False, 2)
    assert "0199" in ann.search
    assert counts(upload(changed)) == (0, 0, 1, 0, 0)
    assert clients(ctx)[0].version == 2


def test_an_empty_cell_empties_the_field(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    upload(ANN.replace("519-555-0143", "").replace("1972-06-19", ""))
    (ann,) = clients(ctx)
    assert (ann.phone, ann.date_of_birth, ann.birthday_key) == ("", None, 9999)


def test_columns_that_the_file_lacks_are_left_alone(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    assert counts(upload("First Name,Last Name,Email\nAnna,Lee,ann@example.ca\n")) == (0, 1, 0, 0, 0)
    (ann,) = clients(ctx)
    assert (ann.first_name, ann.phone, ann.anniversary) == ("Anna", "+15195550143", 222)


def test_a_change_is_audited_with_what_was_and_what_is(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    upload(ANN.replace("0143", "0199"))
    (entry,) = making.entries(ctx, Action.CLIENT_CHANGED)
    assert (entry.client_id, entry.subject, entry.actor_name) == (clients(ctx)[0].id, "Ann Lee", upload.actor.name)
    told = json.loads(entry.details)
    assert (told.pop("upload") > 0, told) == (True, {"old_phone": "+15195550143", "new_phone": "+15195550199"})


def test_an_upload_is_audited_once_with_its_numbers(upload: Uploader, ctx: Context) -> None:
    upload(f"{ANN}Ann,Lee,ann@,,,,\n")
    (entry,) = making.entries(ctx, Action.UPLOAD_FINISHED)
    told = json.loads(entry.details)
    assert (told["rows"], told["added"], told["refused"]) == (2, 1, 1)


def test_an_upload_never_changes_an_e_mail_address(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    assert counts(upload(ANN.replace("ann@", "ANN@"))) == (0, 0, 1, 0, 0)
    assert clients(ctx)[0].email == "ann@example.ca"


def test_a_changed_name_is_also_that_of_the_account(upload: Uploader, ctx: Context, desk: Desk) -> None:
    upload(ANN)
    making.give_account(desk, upload.actor, clients(ctx)[0])
    upload(ANN.replace("Lee", "Li"))
    identity = making.identity_of(ctx, clients(ctx)[0])
    assert (identity.name, identity.state) == ("Ann Li", "active")


def test_another_agency_with_the_same_address_is_left_alone(
    upload: Uploader, ctx: Context, desk: Desk, tmp_path: Path
) -> None:
    upload(ANN)
    other = Uploader(desk, making.make_agency(desk, "OTHER", "eve@example.com"), tmp_path)
    assert counts(other(ANN.replace("Lee", "Other"))) == (1, 0, 0, 0, 0)
    assert [client.last_name for client in clients(ctx)] == ["Lee", "Other"]


@pytest.mark.parametrize("gap", [0, 10])
def test_a_row_that_contradicts_an_earlier_one_is_refused_with_its_line(
    upload: Uploader, ctx: Context, small_batches: None, gap: int
) -> None:
    between = "".join(f"Bo,Li,bo{number}@example.ca,,,,Enabled\n" for number in range(gap))
    text = ANN + between + "Ann,Lee,ann@example.ca,519-555-0143,1973-06-19,Feb 22,Enabled\n"
    fault = upload.one_fault(text)
    assert (fault.line, fault.field, fault.value) == (3 + gap, "Birthday", "1973-06-19")
    assert "stands in line 2 with another value" in fault.reason
    assert clients(ctx)[0].date_of_birth == date(1972, 6, 19)
    assert upload(text).changed == 0


@pytest.mark.parametrize("role", [Role.CLIENT, Role.AUDITOR])
def test_only_staff_may_upload_and_the_refusal_is_audited(
    upload: Uploader, ctx: Context, desk: Desk, ray: MadeAgency, role: Role
) -> None:
    upload.actor = making.make_staff(desk, ray.agency, "eve@example.com", role=role)
    for dry_run in (False, True):
        with pytest.raises(Refused):
            upload(SAMPLE, dry_run=dry_run)
    assert clients(ctx) == []
    assert {entry.result for entry in making.entries(ctx, Action.UPLOAD_FINISHED)} == {"refused"}


def test_a_look_at_the_list_reads_only_the_clients_of_the_batch(
    upload: Uploader, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL, which knows nothing yet of a table being filled, once read the whole agency for every batch."""
    if not is_postgresql(ctx.database):
        pytest.skip("SQLite needs no statistics for this")
    monkeypatch.setattr(running, "BATCH_ROWS", 50)
    with ctx.read():
        ctx.database.execute_sql("SELECT pg_stat_reset()")
    upload(SAMPLE)
    upload(SAMPLE)
    with ctx.read():
        ctx.database.execute_sql("SELECT pg_stat_force_next_flush()")
        of_table = "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'client'"
        ((read,),) = ctx.database.execute_sql(of_table + " AND indexrelname <> 'client_pkey'")
    assert read < 4 * 1204
