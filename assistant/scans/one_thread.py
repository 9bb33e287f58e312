"""OpenCV on one thread: several threads would take the processor from other children, and memory for each."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2 as _opencv

_opencv.setNumThreads(1)
cv2: Any = _opencv
"""OpenCV; its own types know neither all of its functions nor what kind of array comes back."""
