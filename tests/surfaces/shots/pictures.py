"""The pictures of the pages, from recordings of the training's scenes: `python -m tests.surfaces.shots.pictures`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.places import ROOT
from tests.surfaces.playback import moments
from tests.surfaces.training import recorded

Box = tuple[int, int, int, int]

_WHOLE = (120, 36)


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture comes from.

    Attributes:
        scene: its name; mark: the moment; size: of the terminal.
        box: the part of the terminal that is drawn; None for all of it.
    """

    scene: str
    mark: str
    size: tuple[int, int] = _WHOLE
    box: Box | None = None


# Without the frame of the training: a program as it stands in a terminal of its own.
_DESK = Picture("wrong e-mail address", "desk", (162, 29), (0, 1, 123, 27))
_KIOSK = Picture("a kiosk and a desk", "kiosk-home", (118, 27), (0, 1, 79, 25))

PICTURES: Mapping[str, Picture] = {
    "desk.png": _DESK,
    "kiosk.png": _KIOSK,
    "training-first-login.png": Picture("first login", "welcome-mail"),
    "training-wrong-address.png": Picture("wrong e-mail address", "consequences"),
    "training-forgot-password.png": Picture("forgot password", "expired"),
    "training-lost-phone.png": Picture("lost phone", "two-ways"),
    "training-old-account.png": Picture("old account to new", "migrate"),
    "training-caller.png": Picture("a caller to verify", "wrong-answer"),
    "training-kiosk.png": Picture("a kiosk and a desk", "desk-chat"),
}
"""Each picture in docs/ that is made here, by its name."""


def main() -> int:
    """Record every scene that is needed, once for each size, and draw the pictures into docs/."""
    with tempfile.TemporaryDirectory() as home:
        for scene, size in dict.fromkeys((picture.scene, picture.size) for picture in PICTURES.values()):
            draw(scene, size, Path(home), ROOT / "docs")
    return 0


def draw(scene: str, size: tuple[int, int], home: Path, into: Path) -> list[str]:
    """Record one scene and draw its pictures; their names."""
    folder = home / f"{size[0]}x{size[1]}"
    folder.mkdir(exist_ok=True)
    wanted = {
        picture.mark: (name, picture.box)
        for name, picture in PICTURES.items()
        if (picture.scene, picture.size) == (scene, size)
    }
    drawn = []
    for moment in moments(recorded(folder, scene, size)):
        if moment.name in wanted:
            name, box = wanted[moment.name]
            moment.picture(box).save(into / name, optimize=True)
            drawn.append(name)
            print(f"{name}: {scene}, {moment.name}")
    return drawn


if __name__ == "__main__":
    sys.exit(main())
