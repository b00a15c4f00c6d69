"""What the sign-in form remembers where many share one account: the company code, and nothing about anybody."""

from __future__ import annotations

from dataclasses import replace

from models.database import open_database
from services.context import Context
from services.desk import Desk
from services.remembered import Remembered, remember_person, remember_theme
from services.shared_memory import SharedMemory
from tests.making import make_agency


def test_the_code_of_the_only_agency_is_known_as_soon_as_there_is_one(desk: Desk, ctx: Context) -> None:
    memory = SharedMemory(ctx)
    assert memory.recall() == Remembered()
    make_agency(desk)
    assert memory.recall() == Remembered(company_code="RAY-919")


def test_of_several_agencies_none_is_told(desk: Desk, ctx: Context) -> None:
    make_agency(desk)
    make_agency(desk, "OTHER-1", "zoe@other.example.com")
    assert SharedMemory(ctx).recall() == Remembered()


def test_nothing_about_people_or_their_colours_is_kept(desk: Desk, ctx: Context) -> None:
    make_agency(desk)
    memory = SharedMemory(ctx)
    remember_person(memory, "RAY-919", "sue@raystaging.example.com")
    remember_theme(memory, "light")
    assert memory.recall() == Remembered(company_code="RAY-919")
    assert not ctx.settings.remembered_path.exists()


def test_a_database_that_cannot_serve_keeps_nobody_from_the_form(ctx: Context) -> None:
    nowhere = open_database("postgresql://nobody@127.0.0.1:1/desk")
    try:
        assert SharedMemory(replace(ctx, database=nowhere)).recall() == Remembered()
    finally:
        open_database(ctx.settings.database_url)
