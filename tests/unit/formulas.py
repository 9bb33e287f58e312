"""Work the few formulas of our workbooks out, as a spreadsheet would: IF, COUNT, SUM, arithmetic, cells and ranges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl.utils import range_boundaries

if TYPE_CHECKING:
    from openpyxl import Workbook

_TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>"[^"]*")'
    r"|(?P<cells>(?:\w+!)?[A-Z]+\d+(?::[A-Z]+\d+)?)|(?P<name>[A-Z]+)(?=\()|(?P<sign>[-+*/<>=(),]))"
)


def value_of(book: Workbook, sheet: str, cell: str) -> Any:
    """Return the value of a cell: a formula worked out, anything else as it is."""
    value = book[sheet][cell].value
    if not (isinstance(value, str) and book[sheet][cell].data_type == "f"):
        return value
    return _Formula(book, sheet, value[1:]).result()


class _Formula:
    def __init__(self, book: Workbook, sheet: str, text: str) -> None:
        self.book, self.sheet = book, sheet
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            assert match, f"no spreadsheet reads {text!r} from {text[at:]!r} on"
            self.tokens.append((str(match.lastgroup), str(match.group(str(match.lastgroup)))))
            at = match.end()

    def result(self) -> Any:
        value = self._compare()
        assert not self.tokens, self.tokens
        return value

    def _take(self, sign: str) -> bool:
        if self.tokens and self.tokens[0] == ("sign", sign):
            self.tokens.pop(0)
            return True
        return False

    def _compare(self) -> Any:
        left = self._sum()
        return left < self._sum() if self._take("<") else left

    def _sum(self) -> Any:
        value = self._product()
        while self._take("+"):
            value = _both(value, self._product(), lambda a, b: a + b)
        return value

    def _product(self) -> Any:
        value = self._atom()
        while self._take("*"):
            value = _both(value, self._atom(), lambda a, b: a * b)
        return value

    def _atom(self) -> Any:
        if self._take("("):
            value = self._compare()
            assert self._take(")")
            return value
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1]
        if kind == "cells":
            values = self._cells(text)
            return values if ":" in text else values[0]
        assert kind == "name", text
        return self._call(text)

    def _call(self, name: str) -> Any:
        assert self._take("(")
        given = [self._compare()]
        while self._take(","):
            given.append(self._compare())
        assert self._take(")")
        if name == "IF":
            return given[1] if given[0] else given[2]
        numbers = [one for one in _flat(given) if isinstance(one, int | float)]
        assert name in {"COUNT", "SUM"}, name
        return len(numbers) if name == "COUNT" else sum(numbers)

    def _cells(self, text: str) -> list[Any]:
        sheet, _, cells = text.rpartition("!")
        sheet = sheet or self.sheet
        left, top, right, bottom = (edge or 1 for edge in range_boundaries(cells))
        return [
            value_of(self.book, sheet, self.book[sheet].cell(row, column).coordinate)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


def _flat(values: list[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _both(one: Any, other: Any, work: Any) -> Any:
    """Return the result for two numbers; text in arithmetic is an error, as in a spreadsheet."""
    sides = [0 if side is None else side for side in (one, other)]
    return work(*sides) if all(isinstance(side, int | float) for side in sides) else "#VALUE!"
