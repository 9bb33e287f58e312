"""Where between the pixels a likeness is greatest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_BEND = 1e-6
"""A row that bends less has no peak that could be distinguished from rounding."""


def find_peak_offset(row: NDArray[np.float32], at: int) -> float:
    """Return by which part of a pixel, -0.5 to 0.5, the peak of a row of values lies beside its largest, at ``at``.

    The peak is that of the parabola through three values; 0 at either end of the row.
    """
    if not 0 < at < len(row) - 1:
        return 0.0
    before, top, after = (float(value) for value in row[at - 1 : at + 2])
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend < -LEAST_BEND else 0.0
