"""Memory: what threads have freed goes back to the system.

glibc gives each thread a heap of its own, from which nothing that another thread needs is taken, and raises the size
from which on memory is the system's own with each large block. So eight threads that sent a long list each kept 26 MiB.
"""

import ctypes
import os
import sys

# Numbers of malloc.h.
M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
# The variables by which whoever runs the server decides otherwise.
USER_VARIABLES = (
    "MALLOC_ARENA_MAX",
    "MALLOC_TRIM_THRESHOLD_",
    "MALLOC_MMAP_THRESHOLD_",
    "GLIBC_TUNABLES",
)
BLOCK_BYTES = 128 * 1024  # glibc's own values, which no longer grow once they are set


def share_heap() -> None:
    """Let all threads use one heap, before the first of them starts. Other systems' heaps are left as they are."""
    if not sys.platform.startswith("linux") or any(name in os.environ for name in USER_VARIABLES):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, BLOCK_BYTES)
        mallopt(M_MMAP_THRESHOLD, BLOCK_BYTES)
