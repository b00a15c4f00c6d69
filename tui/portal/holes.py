"""Free memory among what the warm parent keeps, taken away before it forks.

What a program makes of its own then lies together, instead of in holes all over the shared pages, each of which would
be copied for it: about three megabytes for each program (`python -m bench portal`).
"""

from __future__ import annotations

import ctypes
import os
import sys

_FILLING = 400_000
"""Octets of each size of block of Python's own allocator."""

_HEAD_OF_BYTES = sys.getsizeof(b"")
_LARGEST_BLOCK = 512
_STEP = 16

_SIZES = (65_536, 32_768, 16_384, 8_192, 4_096, 2_048, *range(1_032, 23, -_STEP))
"""Octets that the C library is asked for, so that what a large block leaves of a hole is found by a smaller one."""

_PROBE = 100_000
"""Octets for which no hole is large enough, and which the library does not yet ask the system for by themselves."""

_MOST = 100_000
"""Pieces; so many holes there never are."""


def fill_holes() -> list[list[bytes]]:
    """Take the free blocks among the used ones. Returns what fills those of Python's own allocator; keep it."""
    sizes = range(_HEAD_OF_BYTES + _STEP - 1, _LARGEST_BLOCK + 1, _STEP)
    filling = [[bytes(size - _HEAD_OF_BYTES) for _ in range(_FILLING // size)] for size in sizes]
    _fill_those_of_the_library()
    return filling


def _fill_those_of_the_library() -> None:
    """Take every free block of the C library below the end of its heap, for good: what SQLite takes lies behind."""
    if not _is_glibc():
        return
    library = ctypes.CDLL(None)
    library.malloc.argtypes, library.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
    library.free.argtypes, library.free.restype = [ctypes.c_void_p], None
    # What no hole is large enough for comes from the end of the heap.
    end = library.malloc(_PROBE)
    library.free(end)
    left = _MOST
    for size in _SIZES:
        while left and (library.malloc(size) or end) < end:
            left -= 1


def _is_glibc() -> bool:
    """Whether the C library is the one whose heap grows in one direction; another one is left alone."""
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (ValueError, OSError):
        return False
