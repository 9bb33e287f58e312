"""Set a table: wrapped cells, a header repeated on every page, rows that break only when they must."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.documents.strips import BASELINE, LEADING, Strip, space, wrap
from assistant.documents.structure import Element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.documents.blocks import Table
    from assistant.documents.paper import PaperSheet

PADDING = 2.5  # pt, around the text of a cell
MAX_LINES = 12  # a row of more lines may break over pages
SMALL = 0.85  # of the document's text size


@dataclass(frozen=True, kw_only=True)
class TableStyle:
    """A table, where it stands, and the size of its text (pt)."""

    table: Table
    x: float
    width: float
    size: float
    place: str

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """Return the x of every column's left edge, and of the last one's right edge."""
        unit = self.width / sum(column.share for column in self.table.columns)
        edges = [self.x]
        for column in self.table.columns:
            edges.append(edges[-1] + column.share * unit)
        return tuple(edges)

    def wrapped(self, cells: tuple[str, ...], *, bold: bool = False) -> list[tuple[str, ...]]:
        """Return the lines of every cell of a row."""
        edges = self.edges
        return [
            wrap(cell, edges[n + 1] - edges[n] - 2 * PADDING, self.size, bold=bold, place=self.place)
            for n, cell in enumerate(cells)
        ]


def table_strips(setting: TableStyle, parent: Element) -> Iterator[Strip]:
    """Yield the strips of a table: its header, then row after row."""
    table = setting.table
    element = Element("Table", parent)
    row = Element("TR", element)
    cells = [Element("TH", row, "/A <</O/Table/Scope/Column>>") for _ in table.columns]
    titles = setting.wrapped(tuple(column.title for column in table.columns), bold=True)
    yield _row(setting, titles, cells, bold=True, shaded=True, with_next=True)
    again = _row(setting, titles, [None] * len(cells), bold=True, shaded=True)
    for number, texts in enumerate(table.rows):
        last = number == len(table.rows) - 1
        yield from _rows(setting, setting.wrapped(texts), element, again, with_next=last and bool(table.totals))
    if table.totals:
        yield from _rows(setting, setting.wrapped(table.totals, bold=True), element, again, bold=True)
    yield space(setting.size * 0.8)


def _rows(
    setting: TableStyle,
    texts: list[tuple[str, ...]],
    parent: Element,
    again: Strip,
    *,
    bold: bool = False,
    with_next: bool = False,
) -> Iterator[Strip]:
    row = Element("TR", parent)
    cells = [
        Element("TH", row, "/A <</O/Table/Scope/Row>>") if column.header else Element("TD", row)
        for column in setting.table.columns
    ]
    most = max(map(len, texts))
    for start in range(0, most, MAX_LINES):
        part = [text[start : start + MAX_LINES] for text in texts] if most > MAX_LINES else texts
        yield _row(setting, part, cells, header=again, bold=bold, with_next=with_next)


def _row(
    setting: TableStyle,
    texts: list[tuple[str, ...]],
    cells: list[Element] | list[None],
    *,
    header: Strip | None = None,
    bold: bool = False,
    shaded: bool = False,
    with_next: bool = False,
) -> Strip:
    size, edges = setting.size, setting.edges
    height = max(map(len, texts)) * size * LEADING + 2 * PADDING

    def draw(sheet: PaperSheet, top: float) -> None:
        if shaded:
            sheet.shade(edges[0], top - height, edges[-1] - edges[0], height)
        for number, (text, cell) in enumerate(zip(texts, cells, strict=True)):
            y = top - PADDING - BASELINE * size
            for line in text:
                sheet.text(edges[number] + PADDING, y, line, size, bold=bold, element=cell)
                y -= LEADING * size
        sheet.line(edges[0], top - height, edges[-1], top - height, thick=0.4)

    return Strip(height=height, draw=draw, header=header, with_next=with_next)
