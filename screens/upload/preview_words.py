"""What stands above the preview of a list while it is looked at and stored."""

from __future__ import annotations

from enum import Enum

from services.clients.importing.report import ImportReport


class Phase(Enum):
    """Where the screen is."""

    LOOKING = "looking"
    READY = "ready"
    STORING = "storing"
    STOPPED = "stopped"
    DONE = "done"
    UNDONE = "undone"


def summary_of(phase: Phase, report: ImportReport | None, rows: int, stored_before: int) -> str:
    """The state of things in one or two lines.

    Args:
        report: of the last run that came to its end, or was stopped.
        rows: looked at in the run that is under way.
        stored_before: rows that an earlier upload of the file stored before it was stopped.
    """
    if phase is Phase.STORING:
        return f"Uploading … {rows:,} rows. p pauses."
    if phase is Phase.LOOKING or report is None:
        return f"Looking through the file; nothing is stored yet … {rows:,} rows. Esc stops."
    counts = (
        f"{report.added:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.merged:,} further {'row' if report.merged == 1 else 'rows'}, {report.refused:,} refused."
    )
    if phase is Phase.STOPPED:
        return f"Stopped after {report.rows:,} rows. F2 goes on where it stopped.\n{counts}"
    if phase is Phase.DONE:
        return f"✓ Done. {counts}\nThe whole upload can be undone: u."
    if phase is Phase.UNDONE:
        return "Undone: the clients are as they were before this upload. u shows all uploads."
    if not takes_something(report):
        return f"{counts}\nThere is nothing to upload. Correct the file, then look at it again."
    resumes = f"{stored_before:,} rows are stored since it was stopped; it goes on there. " if stored_before else ""
    return f"{counts}\n{resumes}F2 uploads {'what is not refused' if report.refused else 'the list'}."


def takes_something(report: ImportReport) -> bool:
    """Whether any row holds."""
    return report.refused < report.rows
