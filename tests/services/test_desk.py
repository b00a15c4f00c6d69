"""The bundle of services: each is what its type says."""

from __future__ import annotations

from services.desk import Desk, Made


def test_each_service_is_what_its_annotation_says_and_is_made_once(desk: Desk) -> None:
    made = {name: each for name, each in vars(Desk).items() if isinstance(each, Made)}
    assert made
    for name in made:
        service = getattr(desk, name)
        assert Desk.__annotations__[name] == f"Made[{type(service).__name__}]"
        assert getattr(desk, name) is service
