"""An upload killed by the operating system in the middle: nothing stored is lost, and the next run goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.client import Client, Upload
from services.context import Context
from services.desk import Desk
from tests.making import MadeAgency
from tests.places import ROOT
from tests.services.uploading import Uploader, counts

ROWS = 12_000
PROGRAM = """
import sys
from pathlib import Path
from models.states import Role, Surface
from services.actor import Actor, Origin
from services.opening import open_desk
from services.settings import Settings

home, url, agency, path = sys.argv[1:]
desk = open_desk(Settings(home=Path(home), database_url=url))
actor = Actor(int(agency), None, None, "command line", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
desk.imports.run(actor, Path(path), on_progress=lambda progress: print(progress.rows, flush=True))
"""


@pytest.mark.slow
@pytest.mark.surface
@pytest.mark.parametrize("batches", [0, 2])
def test_a_killed_upload_is_finished_by_the_next_run(
    desk: Desk, ctx: Context, ray: MadeAgency, tmp_path: Path, batches: int
) -> None:
    upload = Uploader(desk, ray, tmp_path)
    rows = "".join(f"Ann,Lee,ann{number}@example.ca\n" for number in range(ROWS))
    path = upload.file(f"First Name,Last Name,Email\n{rows}")
    command = (sys.executable, "-c", PROGRAM, str(tmp_path), ctx.settings.database_url, str(ray.agency.id), str(path))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(1 + batches)][-1]
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    with ctx.read():
        stored = Client.select().count()
        assert seen <= stored == Upload.get().position < ROWS
    report = upload(path)
    assert (report.resumed_from, counts(report)) == (stored, (ROWS, 0, 0, 0, 0))
    with ctx.read():
        assert Client.select().count() == ROWS
        assert Upload.select().count() == 1
