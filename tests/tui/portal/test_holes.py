"""The warm parent leaves no free block among those in use, in which a program would begin to write."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tui.portal.holes import _is_glibc

pytestmark = pytest.mark.skipif(not _is_glibc(), reason="only the heap of glibc is filled")

_PROGRAM = """
import ctypes
from tui.portal.holes import fill_holes

library = ctypes.CDLL(None)
library.malloc.argtypes, library.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]

def lowest():
    return min(library.malloc(size) for size in (24, 40, 100, 500, 1000, 3000, 20000) for _ in range(20))

used = [library.malloc(size) for size in (3000, 24, 1000, 40, 20000, 500, 100) * 400]
for block in used[::2]:
    library.free(block)
top = max(used)
if {fills}:
    kept = fill_holes()
print(lowest() > top)
"""


@pytest.mark.parametrize("fills", [True, False])
def test_what_is_asked_of_the_library_afterwards_lies_behind_all_that_stands(fills: bool) -> None:
    # In a process of its own: the blocks are never given back.
    told = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(fills=fills)], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.strip() == str(fills), told.stderr
