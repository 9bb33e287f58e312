"""OpenCV on one thread, and memory that is used again: loaded in the sandbox alone, where both are wanted.

Several threads would take the processor from other children. Pictures of 8 to 20 MB come and go by the dozen; given
back to the system each time, new memory for the next one takes longer than the work on it.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2 as _opencv

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""What glibc calls these settings in ``mallopt``."""
_FREE_BYTES, _PIECE_BYTES = 1 << 28, 32 << 20
"""Bytes: free memory kept for the next picture, and the largest piece that glibc lets be kept."""

_opencv.setNumThreads(1)
with suppress(OSError, AttributeError, TypeError):  # another C library, which has its own ways
    _mallopt = ctypes.CDLL(None).mallopt
    _mallopt(_MMAP_THRESHOLD, _PIECE_BYTES)
    _mallopt(_TRIM_THRESHOLD, _FREE_BYTES)
cv2: Any = _opencv
"""OpenCV; its own types know neither all of its functions nor what kind of array comes back."""
