"""Draw numbers by month as lines: plain SVG; each line has its own dashes and mark, and its name at its end."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from assistant.agencies.chart import every_month, name_month, svg_head, value_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 860, 400
TOP, BOTTOM, LEFT, RIGHT = 56, 64, 64, 150
LABEL_HEIGHT = 16
STYLES = (("", "#1a4480"), ("8 4", "#7a2e0e"), ("2 4", "#154c21"), ("10 3 2 3", "#54278f"), ("4 2", "#1b1b1b"))
"""Dashes and color of each line; whoever sees no color tells them by dashes, marks and names."""
MARKS = (
    '<circle cx="{x}" cy="{y}" r="4" fill="{color}"/>',
    '<rect x="{left}" y="{up}" width="8" height="8" fill="{color}"/>',
    '<path d="M{x} {up} L{right} {down} L{left} {down} Z" fill="{color}"/>',
    '<path d="M{x} {up} L{right} {y} L{x} {down} L{left} {y} Z" fill="{color}"/>',
    '<circle cx="{x}" cy="{y}" r="4" fill="#ffffff" stroke="{color}" stroke-width="2"/>',
)
MOST_LINES = len(STYLES)
TREND_TITLE = "Agreements on the list of {day}, by month of signing, added up"
NAMED_MONTHS = 16
"""With more months than these the axis names years only."""
MARKED_MONTHS = 40
"""With more months than these only the last of each line has a mark."""


def plain_number(value: float) -> str:
    """Return a number as a person writes it: "1,234", or "33.5" with at most two places."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}".rstrip("0")


def running_totals(counts: Mapping[str, int], months: Sequence[str]) -> dict[str, float]:
    """Return for each month how many there were up to its end."""
    return dict(zip(months, accumulate(counts.get(month, 0) for month in months), strict=True))


def lines_by_month(series: Mapping[str, Mapping[str, float]], *, title: str) -> str:
    """Return an SVG document with a line for each of at most five series; keys are months ("2025-05").

    A month without a value breaks the line.

    Raises:
        ValueError: there are more series than lines can be distinguished.
    """
    if len(series) > MOST_LINES:
        message = f"Give at most {MOST_LINES} series."
        raise ValueError(message)
    months = every_month({month: 1 for values in series.values() for month in values})
    most = max((value for values in series.values() for value in values.values()), default=0)
    across = (WIDTH - LEFT - RIGHT) / max(1, len(months) - 1)
    ground = HEIGHT - BOTTOM
    lines, unit = value_lines(most, across=(LEFT, WIDTH - RIGHT), up=(ground, TOP))
    parts = [*svg_head(WIDTH, HEIGHT, title=title, description=_described(series, months), left=LEFT), *lines]
    parts += _month_labels(months, across, ground)
    points = {
        name: {
            n: (round(LEFT + n * across, 1), round(ground - values[m] * unit, 1))
            for n, m in enumerate(months)
            if m in values
        }
        for name, values in series.items()
    }
    for place, line in enumerate(points.values()):
        parts += _line(line, place, mark_all=len(months) <= MARKED_MONTHS)
    parts += _names(series, points)
    return "\n".join([*parts, "</svg>", ""])


def _month_labels(months: Sequence[str], across: float, ground: int) -> list[str]:
    """Return the years below the axis, and the months where they are few."""
    parts = []
    for place, month in enumerate(months):
        x = round(LEFT + place * across, 1)
        if len(months) <= NAMED_MONTHS:
            parts.append(f'<text x="{x}" y="{ground + 18}" text-anchor="middle">{name_month(month)[:3]}</text>')
        if place == 0 or month.endswith("-01"):
            parts.append(f'<text x="{x}" y="{ground + 36}" text-anchor="middle" font-weight="bold">{month[:4]}</text>')
    return parts


def _line(points: Mapping[int, tuple[float, float]], place: int, *, mark_all: bool) -> list[str]:
    """Return a line in as many pieces as it has gaps; a month that stands alone has at least its mark."""
    dashes, color = STYLES[place]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    runs: list[list[int]] = []
    for number in sorted(points):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        corners = " ".join(f"{points[number][0]},{points[number][1]}" for number in run)
        parts.append(f'<polyline points="{corners}" fill="none" stroke="{color}" stroke-width="2.5"{dashed}/>')
        for number in run if mark_all else run[-1:]:
            x, y = points[number]
            edges = {"left": round(x - 4, 1), "right": round(x + 4, 1), "up": round(y - 4, 1), "down": round(y + 4, 1)}
            parts.append(MARKS[place].format(x=x, y=y, color=color, **edges))
    return parts


def _names(
    series: Mapping[str, Mapping[str, float]], points: Mapping[str, Mapping[int, tuple[float, float]]]
) -> list[str]:
    """Return the name and last value of each line beside its end, moved apart where two ends are near each other."""
    ends = sorted((line[max(line)][1], place, name) for place, (name, line) in enumerate(points.items()) if line)
    parts, lowest = [], 0.0
    for end, place, name in ends:
        y = max(end, lowest + LABEL_HEIGHT)
        lowest = y
        value = series[name][max(series[name])]
        words = escape(f"{name}: {plain_number(value)}")
        parts.append(f'<text x="{WIDTH - RIGHT + 12}" y="{y + 4:g}" fill="{STYLES[place][1]}">{words}</text>')
    return parts


def _described(series: Mapping[str, Mapping[str, float]], months: Sequence[str]) -> str:
    if not months:
        return "There is nothing to draw."
    parts = [f"From {name_month(months[0])} to {name_month(months[-1])}."]
    for name, values in series.items():
        if values:
            ends = (f"{plain_number(values[month])} in {name_month(month)}" for month in (min(values), max(values)))
            parts.append(f"{name}: {', '.join(ends)}.")
    return " ".join(parts)
