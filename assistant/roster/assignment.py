"""Give each answer the column that fits it, so that all columns together fit best."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def assign(gains: Sequence[Sequence[float]]) -> list[int | None]:
    """Return for each row of a table the column it gets, None for none; no column twice, and the sum is the largest.

    A row gets only a column that gains more than 0. The Hungarian method with potentials (Kuhn 1955, Jonker and
    Volgenant 1987): at most rows squared times columns steps, here some 20 * 20 * 60.
    """
    rows = len(gains)
    columns = len(gains[0]) if rows else 0
    # Each row may also get a place of its own that gains nothing.
    costs = [[-max(gain, 0.0) for gain in row] + [0.0] * rows for row in gains]
    width = columns + rows
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (width + 1)
    owner, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, rows + 1):
        owner[0], free = row, 0
        least, is_used = [inf] * (width + 1), [False] * (width + 1)
        while owner[free]:
            is_used[free] = True
            here, step, target = owner[free], inf, 0
            for column in range(1, width + 1):
                if is_used[column]:
                    continue
                price = costs[here - 1][column - 1] - row_price[here] - column_price[column]
                if price < least[column]:
                    least[column], way[column] = price, free
                if least[column] < step:
                    step, target = least[column], column
            for column in range(width + 1):
                if is_used[column]:
                    row_price[owner[column]] += step
                    column_price[column] -= step
                else:
                    least[column] -= step
            free = target
        while free:
            owner[free] = owner[way[free]]
            free = way[free]
    result: list[int | None] = [None] * rows
    for column in range(1, columns + 1):
        if owner[column] and gains[owner[column] - 1][column - 1] > 0:
            result[owner[column] - 1] = column - 1
    return result
