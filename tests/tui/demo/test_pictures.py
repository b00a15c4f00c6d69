"""Every picture of the pages comes from a scene."""

from __future__ import annotations

import re

from tests.places import ROOT
from tests.surfaces.shots.pictures import PICTURES
from tui.demo.scene import Mark
from tui.demo.scenes import named

FROM_CHROMIUM = {"portal.png"}
"""Made by `make shots` from a browser."""

LARGEST = 150_000
"""Octets of one picture in the repository."""


def test_every_picture_of_a_page_is_made_by_make_pictures_and_is_there() -> None:
    shown = set()
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / path).is_file(), path
            shown.add(path.removeprefix("docs/"))
    assert shown == set(PICTURES) | FROM_CHROMIUM


def test_each_picture_is_drawn_at_a_mark_of_its_scene() -> None:
    for name, picture in PICTURES.items():
        scene = named(picture.scene)
        assert scene is not None, name
        assert Mark(picture.mark) in [beat for part in scene.parts for beat in part.beats], name


def test_no_picture_is_large() -> None:
    assert [path.name for path in (ROOT / "docs").glob("*.png") if path.stat().st_size > LARGEST] == []
