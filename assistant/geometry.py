"""Rectangles on a page, in points, as PDF counts them: from the lower left corner, x to the right, y upward."""

from __future__ import annotations

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top."""
