"""Returns freed memory to the system, and lets the garbage collector look at little.

glibc gives each thread a heap of its own, which other threads cannot use, and raises the threshold for direct
allocation with each large block. So eight threads that sent a long list each kept 26 MiB.
"""

import ctypes
import gc
import os
import sys

# Numbers of malloc.h.
M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
# Environment variables by which an operator configures the heap.
USER_VARIABLES = (
    "MALLOC_ARENA_MAX",
    "MALLOC_TRIM_THRESHOLD_",
    "MALLOC_MMAP_THRESHOLD_",
    "GLIBC_TUNABLES",
)
BLOCK_BYTES = 128 * 1024  # glibc's defaults, which no longer grow once they are set

NEW_OBJECTS = 10_000  # so many more than before are looked at; Python's 700 are fewer than a page of a list has


def share_heap() -> None:
    """Make all threads share one heap. Call it before the first thread starts; it does nothing outside of Linux."""
    if not sys.platform.startswith("linux") or any(name in os.environ for name in USER_VARIABLES):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, BLOCK_BYTES)
        mallopt(M_MMAP_THRESHOLD, BLOCK_BYTES)


def keep_application() -> None:
    """Have the garbage collector pass over all that exists. Call it when the application is ready to serve.

    Over 200,000 objects stay as long as the process. Looking at them again and again took a third of the time
    of an import.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
