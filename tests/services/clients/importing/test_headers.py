"""Which header means which field."""

from __future__ import annotations

import pytest

from services.clients.importing.headers import Column, column_of, is_french, read_header
from services.errors import Invalid

NAMES = ["First Name", "Last Name", "Email"]


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("First Name", Column.FIRST_NAME),
        ("FIRST_NAME", Column.FIRST_NAME),
        ("prenom", Column.FIRST_NAME),
        (" Prénom ", Column.FIRST_NAME),
        ("Given name", Column.FIRST_NAME),
        ("Nom", Column.LAST_NAME),
        ("Surname", Column.LAST_NAME),
        ("E-mail", Column.EMAIL),
        ("Adresse courriel", Column.EMAIL),
        ("Téléphone", Column.PHONE),
        ("Cell", Column.PHONE),
        ("Date de naissance", Column.DATE_OF_BIRTH),
        ("Birthday", Column.DATE_OF_BIRTH),
        ("Anniversaire", Column.ANNIVERSARY),
        ("Abonnement", Column.SUBSCRIBED),
        ("Statut", Column.SUBSCRIBED),
        ("Adresse", Column.ADDRESS),
        ("Prêteur", Column.LENDER),
        ("Solde", Column.BALANCE),
        ("Taux", Column.RATE),
        ("Taux d’intérêt", Column.RATE),
        ("Renouvellement", Column.RENEWAL),
        ("Favourite colour", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_a_header_is_understood_in_english_and_french(cell: str, column: Column | None) -> None:
    assert column_of(cell) is column


def test_every_header_of_an_export_is_understood() -> None:
    assert [column_of(column.value) for column in Column] == list(Column)


def test_columns_may_stand_in_any_order_and_others_are_ignored() -> None:
    cells = ["Email", "Shoe size", "Nom", "Prénom", ""]
    header = read_header(cells)
    assert header.at == {Column.EMAIL: 0, Column.LAST_NAME: 2, Column.FIRST_NAME: 3}
    assert header.ignored == ("Shoe size",)
    assert (header.least, header.most) == (4, 5)
    assert is_french(cells)


def test_what_is_missing_is_named_beside_what_is_there() -> None:
    with pytest.raises(Invalid) as refused:
        read_header(["Prénom", "Shoe \x1bsize"])
    assert refused.value.problems["file"].startswith(
        "The first row of the file has no column for Last Name and Email. It has: Prénom, Shoe size."
    )


def test_two_columns_for_one_field_are_refused_by_name() -> None:
    with pytest.raises(Invalid, match="“Phone” and “Cell” both hold Phone Number"):
        read_header([*NAMES, "Phone", "Cell"])
