"""What a benchmark says: one promised number, measured against its reference in the same run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Result:
    """One number.

    Attributes:
        measured: ours, with its unit.
        reference: what it is measured against, by name and with its unit.
        ratio: ours divided by the reference's.
        budget: what the ratio must keep to (DESIGN, section 8).
        better: whether the budget is the most or the least that the ratio may be.
    """

    name: str
    measured: str
    reference: str
    ratio: float
    budget: float
    better: Literal["at most", "at least"]
