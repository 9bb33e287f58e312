"""Draw agreements by month, or by name, as bars: plain SVG with a title and a description, readable without colour."""

from __future__ import annotations

from math import ceil, log10
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from assistant.text import MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 360, 56, 64, 56, 16
BAR, GAP = 14, 6
NARROWEST = 480
TITLE_LETTER = 8.4
"""Points that a letter of the title takes, on the wide side, so that none is cut off."""
LINES = 4
NAME_LETTERS = 30
"""The longest name beside a bar."""
INK, PALE, FILL = "#1b1b1b", "#c9c9c9", "#2c5f8a"
ROOT = (
    'xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" '
    f'font-family="Helvetica, Arial, sans-serif" font-size="12" fill="{INK}"'
)


def svg_head(width: int, height: int, *, title: str, description: str, left: int) -> list[str]:
    """Return how a picture begins: its size, title and description, a white ground, and the title as its first line."""
    return [
        f'<svg {ROOT} viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{left}" y="28" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]


def value_lines(most: float, *, across: tuple[int, int], up: tuple[int, int]) -> tuple[list[str], float]:
    """Return the lines of a scale from nought to ``most`` with their numbers, and how many points one is high.

    ``across`` are the ends of the lines, ``up`` is the height of nought and the topmost that a line may have.
    """
    step, top_value = _scale_to(most)
    (left, right), (ground, top) = across, up
    unit = (ground - top) / top_value
    lines = []
    for value in range(0, top_value + 1, step):
        y = round(ground - value * unit, 1)
        lines += [
            f'<line x1="{left}" x2="{right}" y1="{y}" y2="{y}" stroke="{PALE if value else INK}"/>',
            f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{value:,}</text>',
        ]
    return lines, unit


def bars_by_month(counts: Mapping[str, int], *, title: str) -> str:
    """Return an SVG document with one bar a month, months without an agreement included; keys are "2025-05"."""
    months = every_month(counts)
    width = max(NARROWEST, LEFT + RIGHT + len(months) * (BAR + GAP), round(LEFT + RIGHT + TITLE_LETTER * len(title)))
    ground = HEIGHT - BOTTOM
    lines, unit = value_lines(max(counts.values(), default=0), across=(LEFT, width - RIGHT), up=(ground, TOP))
    parts = [*svg_head(width, HEIGHT, title=title, description=_described(months, counts), left=LEFT), *lines]
    for place, month in enumerate(months):
        x, count = LEFT + GAP / 2 + place * (BAR + GAP), counts.get(month, 0)
        y = round(ground - count * unit, 1)
        if count:
            bar = f'x="{x:g}" y="{y}" width="{BAR}" height="{round(ground - y, 1)}"'
            parts.append(f'<rect {bar} fill="{FILL}"><title>{name_month(month)}: {count:,}</title></rect>')
        if month.endswith("-01") or place == 0:
            parts.append(f'<text x="{x:g}" y="{ground + 36}" font-weight="bold">{month[:4]}</text>')
        if month[5:] in {"01", "04", "07", "10"}:
            parts.append(f'<text x="{x:g}" y="{ground + 18}">{name_month(month)[:3]}</text>')
    return "\n".join([*parts, "</svg>", ""])


def every_month(counts: Mapping[str, int]) -> list[str]:
    """Return all months from the first to the last, in order."""
    if not counts:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(counts), max(counts)))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _scale_to(most: float) -> tuple[int, int]:
    """Return the step between two lines, a round number, and the value of the topmost."""
    rough = max(most, LINES) / LINES
    size = 10 ** int(log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    return step, step * max(1, ceil(most / step))


def name_month(month: str) -> str:
    """Return "May 2025" for "2025-05"."""
    return f"{MONTHS[int(month[5:]) - 1][:3]} {month[:4]}"


def _described(months: list[str], counts: Mapping[str, int]) -> str:
    if not months:
        return "No agreement with a date of signing."
    most = max(counts, key=lambda month: counts[month])
    return (
        f"{sum(counts.values()):,} agreements signed from {name_month(months[0])} to {name_month(months[-1])}, "
        "by month. "
        f"Most in {name_month(most)}: {counts[most]:,}. "
        + "; ".join(f"{name_month(month)}: {counts[month]:,}" for month in months if counts.get(month))
        + "."
    )


def bars_by_name(counts: Mapping[str, int], *, title: str, empty: str) -> str:
    """Return an SVG document with one bar across for each name, in the order given; ``empty`` stands where none is."""
    row, name_width, widest = 24, 200, 340
    height = TOP + max(1, len(counts)) * row + 16
    width = name_width + widest + 70
    most = max(counts.values(), default=0)
    described = "; ".join(f"{name}: {count:,}" for name, count in counts.items()) or empty
    parts = svg_head(width, height, title=title, description=described, left=12)
    for place, (name, count) in enumerate(counts.items()):
        y, length = TOP + place * row, round(widest * count / most, 1) if most else 0
        label = name if len(name) <= NAME_LETTERS else f"{name[: NAME_LETTERS - 1]}…"
        parts += [
            f'<text x="{name_width - 8}" y="{y + 15}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{name_width}" y="{y + 3}" width="{length}" height="16" fill="{FILL}"/>',
            f'<text x="{name_width + length + 6:g}" y="{y + 15}">{count:,}</text>',
        ]
    if not counts:
        parts.append(f'<text x="12" y="{TOP + 15}">{escape(empty)}</text>')
    return "\n".join([*parts, "</svg>", ""])
