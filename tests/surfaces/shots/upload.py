"""Uploading a list at the desk: the file, its columns, the preview, the storing, and taking it back."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.places import DATA
from tests.surfaces.shots.stage import Shoot, Stage, close, retype
from tests.surfaces.term import Term

NAMES = ("clients.csv", "clients-messy-excel.csv")
ODD = "[/x][@click=app.quit]Bob[\x1b]\u202egnp"


def play(stage: Stage) -> None:
    """All steps, with what can be wrong in each."""
    stage.found()
    folder = Path(stage.environment["HOME"]) / "lists"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(DATA / name, folder / name)
    rows = f"=1+1;Lee;{ODD};ann@\nZoé;Roy;{'x' * 200};zoe@example.ca\n"
    (folder / f"{ODD.replace('/', '')}.csv").write_text(f"Prénom;Nom;{ODD};Courriel\n{rows}")
    (folder / "empty.csv").touch()
    (folder / "photo.jpg").touch()
    with stage.signed_in() as (term, shoot):
        choosing(term, shoot)
        hostile(term, shoot)
        columns(term, shoot)
        storing(term, shoot)
        undoing(term, shoot)


def at_folder(term: Term) -> None:
    """The folder with the lists."""
    term.key("f8").expect("Choose the list", 20)
    term.settle(0.4, 3)
    if not term.has("empty.csv"):
        # Where the last list lay is remembered.
        term.type("lists/").expect("empty.csv", 20).settle(0.4, 3)


def choosing(term: Term, shoot: Shoot) -> None:
    """The folder, narrowed, and what is no list."""
    at_folder(term)
    shoot("upload-choose")
    term.type("cl").settle(0.4, 3)
    shoot("upload-narrowed")
    retype(term, "/nowhere/")
    term.expect("cannot be read", 20)
    shoot("upload-nowhere")
    retype(term, "/etc/passwd")
    term.settle(0.5, 3)
    term.key("enter").settle(0.5, 3)
    shoot("upload-no-list")
    close(term)
    at_folder(term)
    term.type("empty").settle(0.3, 3)
    term.key("enter").expect("is empty", 20)
    shoot("upload-empty")
    close(term)


def hostile(term: Term, shoot: Shoot) -> None:
    """Bad names everywhere."""
    at_folder(term)
    term.type("[").settle(0.4, 3)
    shoot("upload-hostile-choose")
    term.key("enter").expect("Step 2", 20)
    shoot("upload-hostile-columns")
    term.key("f2").expect("refused.", 20)
    shoot("upload-hostile-preview")
    term.key("enter").settle(0.5, 3)
    shoot("upload-hostile-problem")
    close(term, 4)


def columns(term: Term, shoot: Shoot) -> None:
    """The mapping, a field twice, dates, and what is remembered."""
    at_folder(term)
    term.type("clients.csv").settle(0.4, 3)
    term.key("enter").expect("Step 2", 20)
    shoot("upload-columns")
    term.key("enter").expect("hold?", 20)
    shoot("upload-field")
    term.key("down").key("enter").settle(0.4, 3)
    shoot("upload-twice")
    term.key("n").settle(0.4, 3)
    shoot("upload-missing")
    term.key("x").settle(0.4, 3)
    term.key("d").expect("How are dates read?", 20)
    shoot("upload-dates")
    close(term)


def storing(term: Term, shoot: Shoot) -> None:
    """The preview and the end."""
    term.key("f2").expect("refused.", 60).settle(0.5, 3)
    shoot("upload-preview")
    term.key("1").settle(0.4, 3)
    shoot("upload-no-problems")
    term.key("f2").expect("Upload the list?", 20)
    shoot("upload-sure")
    term.key("y").expect("✓ Done", 120)
    shoot("upload-done")
    term.key("f2").expect("Clients 1,204", 30)
    at_folder(term)
    term.type("messy").settle(0.3, 3)
    term.key("enter").expect("Step 2", 20)
    shoot("upload-messy-columns")
    term.key("f2").expect("refused.", 60).settle(0.5, 3)
    shoot("upload-messy-preview")
    term.key("3").settle(0.4, 3)
    shoot("upload-messy-first")
    term.key("w").expect("Write all problems", 20)
    shoot("upload-save")
    close(term, 4)


def undoing(term: Term, shoot: Shoot) -> None:
    """One that somebody has touched since, and then one that nobody has."""
    term.key("/").type("brent").expect("of 1,204", 20).key("enter").settle(0.4, 3)
    term.key("e").expect("First name", 20).type("x").key("f2")
    term.settle(1, 5)
    close(term)
    term.key("f8").expect("Choose the list", 20).key("f4").expect("1 upload", 20)
    shoot("uploads")
    term.key("enter").settle(0.4, 3)
    shoot("uploads-details")
    close(term)
    term.key("u").settle(2, 10)
    shoot("uploads-undo")
    close(term)
