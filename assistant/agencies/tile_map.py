"""Draw counts by State as a grid of tiles: plain SVG with a title and a description, readable without color.

Every State and territory has a tile of one size near where it is on a map, so that a small State is seen as well as a
large one, and no shapes from elsewhere are needed. The count is written in the tile; the shade repeats it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from assistant.agencies.chart import INK, svg_head

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = (
    "AK .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH",
    "WA ID MT ND MN WI MI .. NY MA RI",
    "OR NV WY SD IA IL IN OH PA NJ CT",
    "CA UT CO NE MO KY WV VA MD DE DC",
    ".. AZ NM KS AR TN NC SC .. .. ..",
    ".. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. TX .. .. .. FL .. .. ..",
    "GU MP AS .. .. .. .. .. .. PR VI",
)
"""The tiles by row and column; two dots are no tile."""
TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
TILE, GAP = 52, 4
TOP, SIDE, BOTTOM = 48, 12, 44
SHADES = ("#ffffff", "#d9e8f6", "#9cc3e6", "#2f6ea5", "#1a4480")
"""From none to most; the last two are dark, with white letters on them."""
DARK_FROM = 3
BOLD = 'font-weight="bold"'
BOUNDS = (0.0, 0.03, 0.1, 0.3)
"""Of the largest count: above each begins the next shade."""


def map_of_states(counts: Mapping[str, int], names: Mapping[str, str], *, title: str) -> str:
    """Return an SVG document with a tile for each State; ``counts`` and ``names`` are by postal code."""
    columns = len(ROWS[0].split())
    width = 2 * SIDE + columns * (TILE + GAP) - GAP
    height = TOP + len(ROWS) * (TILE + GAP) - GAP + BOTTOM
    most = max(counts.values(), default=0)
    parts = svg_head(width, height, title=title, description=_described(counts, names), left=SIDE)
    for row, codes in enumerate(ROWS):
        for column, code in enumerate(codes.split()):
            if code in names:
                at = SIDE + column * (TILE + GAP), TOP + row * (TILE + GAP)
                parts += _tile(code, names[code], counts.get(code, 0), most, at)
    parts += _legend(most, height - BOTTOM + 14)
    return "\n".join([*parts, "</svg>", ""])


def _tile(code: str, name: str, count: int, most: int, at: tuple[int, int]) -> list[str]:
    x, y = at
    shade = _shade(count, most)
    ink = "#ffffff" if shade >= DARK_FROM else INK
    dashes = ' stroke-dasharray="3 2"' if code in TERRITORIES else ""
    middle = x + TILE // 2
    box = f'x="{x}" y="{y}" width="{TILE}" height="{TILE}" fill="{SHADES[shade]}" stroke="{INK}"'
    return [
        f"<g><title>{escape(name)}: {count:,}</title>",
        f"<rect {box}{dashes}/>",
        f'<text x="{middle}" y="{y + 20}" text-anchor="middle" fill="{ink}">{code}</text>',
        f'<text x="{middle}" y="{y + 42}" text-anchor="middle" fill="{ink}" font-size="16" {BOLD}>{count:,}</text></g>',
    ]


def _shade(count: int, most: int) -> int:
    return sum(count > bound * most for bound in BOUNDS) if count else 0


def _legend(most: int, y: int) -> list[str]:
    """Return the shades with the counts that they stand for, and what a dashed edge means."""
    parts, x = [], SIDE
    for shade, color in enumerate(SHADES):
        low = 0 if not shade else int(BOUNDS[shade - 1] * most) + 1
        high = 0 if not shade else int((*BOUNDS, 1.0)[shade] * most)
        if high < low:
            continue
        words = "none" if not shade else f"{low:,}" if low == high else f"{low:,} to {high:,}"
        parts.append(f'<rect x="{x}" y="{y}" width="14" height="14" fill="{color}" stroke="{INK}"/>')
        parts.append(f'<text x="{x + 20}" y="{y + 12}">{words}</text>')
        x += 36 + 7 * len(words)
    parts.append(
        f'<rect x="{x + 8}" y="{y}" width="14" height="14" fill="#ffffff" stroke="{INK}" stroke-dasharray="3 2"/>'
    )
    parts.append(f'<text x="{x + 28}" y="{y + 12}">territory</text>')
    return parts


def _described(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    codes = sorted((code for code in names if counts.get(code)), key=lambda code: (-counts[code], names[code]))
    if not codes:
        return "No agreement."
    others = sum(count for code, count in counts.items() if code not in names)
    rows = "; ".join(f"{names[code]}: {counts[code]:,}" for code in codes)
    return f"{sum(counts.values()):,} agreements, most first. {rows}{f'; elsewhere: {others:,}' if others else ''}."
