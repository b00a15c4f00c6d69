"""The page that says which test proves which requirement names tests that there are."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.places import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))


@cache
def named_in(path: str) -> frozenset[str]:
    """The names of the tests of a file."""
    tree = ast.parse((ROOT / "tests" / path).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_"))


def test_the_page_names_many() -> None:
    assert len(NAMED) > 100


@pytest.mark.parametrize("path", sorted({path for path, _ in NAMED}))
def test_every_test_that_is_named_is_there(path: str) -> None:
    assert {name for where, name in NAMED if where == path} <= named_in(path)


def test_every_row_has_a_proof_or_a_reason() -> None:
    rows = [
        line for line in PAGE.split("## Which test proves which requirement")[1].splitlines() if line.startswith("| ")
    ]
    assert len(rows) > 70
    for row in rows:
        proof = row.strip("| ").partition(" | ")[2]
        assert len(proof) > 15, row
