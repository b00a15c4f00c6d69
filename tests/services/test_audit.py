"""Changes and refusals are written down with what they were about, and never half."""

from __future__ import annotations

import json

import pytest

from models.states import AuditResult
from services import audit
from services.context import Context
from services.errors import Conflict, Invalid, Refused, Unavailable
from tests.making import HERE, MadeAgency, entries


def test_an_entry_says_who_what_whom_when_and_from_where(ctx: Context, ray: MadeAgency) -> None:
    with ctx.unit():
        audit.record(ctx, ray.admin, audit.Action.RESET_SENT, client_id=7, subject="Brent", details={"to": "b@x.ca"})
    entry = entries(ctx, "reset_sent")[-1]
    assert (entry.actor_name, entry.surface, entry.place) == ("Sue Wright", HERE.surface, HERE.place)
    assert (entry.client_id, entry.subject, entry.at) == (7, "Brent", ctx.clock.now())
    assert json.loads(entry.details) == {"to": "b@x.ca"}


def test_somebody_not_signed_in_is_named_so(ctx: Context) -> None:
    with ctx.unit():
        audit.record(ctx, HERE, audit.Action.RESET_ASKED, subject="b@x.ca")
    assert entries(ctx)[-1].actor_name == audit.OUTSIDER


def test_an_entry_goes_with_its_change(ctx: Context, ray: MadeAgency) -> None:
    before = len(entries(ctx))
    with pytest.raises(RuntimeError), ctx.unit():
        audit.record(ctx, ray.admin, audit.Action.RESET_SENT)
        raise RuntimeError
    assert len(entries(ctx)) == before


def test_a_refusal_is_written_down_although_its_unit_was_undone(ctx: Context, ray: MadeAgency) -> None:
    with (
        pytest.raises(Refused),
        audit.refusals_recorded(ctx, ray.admin, audit.Action.RESET_SENT, client_id=7),
        ctx.unit(),
    ):
        raise Refused("Not now.")
    entry = entries(ctx, "reset_sent")[-1]
    assert (entry.result, entry.reason, entry.client_id) == (AuditResult.REFUSED, "Not now.", 7)


@pytest.mark.parametrize("error", [Invalid({"a": "b"}), Conflict("x", None, "y"), Unavailable("z")])
def test_what_is_no_refusal_leaves_no_entry(ctx: Context, ray: MadeAgency, error: Exception) -> None:
    before = len(entries(ctx))
    with pytest.raises(type(error)), audit.refusals_recorded(ctx, ray.admin, audit.Action.RESET_SENT):
        raise error
    assert len(entries(ctx)) == before


def test_names_of_any_length_are_kept_as_far_as_they_fit(ctx: Context, ray: MadeAgency) -> None:
    with ctx.unit():
        audit.record(ctx, ray.admin, audit.Action.RESET_SENT, subject="x" * 1000)
    assert entries(ctx)[-1].subject == "x" * 254
