"""From what was found of each page of a signed copy to a verdict for each page of the issued file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.verifying.compare import PageComparison

Verdict = Literal["same", "altered", "missing", "unreadable"]
READABLE = 0.85
"""A page whose middle window is less like than this was scanned too badly to tell what was changed."""
CLEAR = 0.9
"""Unless its clearest windows are as like as this: then it was scanned well, and much of it was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """A page of the issued file, and what became of it in the signed copy."""

    page: int
    verdict: Verdict
    rotation: int = 0
    """By how many degrees it is shown turned to the right."""
    similarity: float | None = None
    signed_page: int | None = None
    """The page of the signed copy that it is; None where it is missing."""

    def to_document(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


def verdict_of(comparison: PageComparison) -> Verdict:
    """Return the verdict on a page that is one of the issued file."""
    if comparison.missing_words or comparison.extra_words:
        return "altered"
    if comparison.middle < READABLE and comparison.clearest < CLEAR:
        return "unreadable"
    if comparison.changed or comparison.added:
        return "altered"
    return "unreadable" if comparison.cut or comparison.dirty else "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedPages:
    """The pages of both files brought together."""

    pages: tuple[PageVerdict, ...]
    comparisons: Mapping[int, PageComparison]
    """What was found of each page of the issued file that is there, by its number."""
    doubled: tuple[tuple[int, int], ...]
    """(Page of the signed copy, page of the issued file) that is there already."""
    extra: tuple[int, ...]
    """Pages of the signed copy that are none of the issued file."""
    empty: tuple[int, ...]
    moved: tuple[int, ...]
    """Pages of the issued file that stand out of their order."""


def match_pages(count: int, compared: Sequence[PageComparison]) -> MatchedPages:
    """Return the verdicts on the ``count`` pages of the issued file, from what was found of the signed copy's pages."""
    comparisons: dict[int, PageComparison] = {}
    doubled = []
    for one in compared:
        if one.page is None:
            continue
        if one.page in comparisons:
            doubled.append((one.number, one.page))
        else:
            comparisons[one.page] = one
    pages = []
    for number in range(1, count + 1):
        one_found = comparisons.get(number)
        if one_found is None:
            pages.append(PageVerdict(page=number, verdict="missing"))
        else:
            pages.append(
                PageVerdict(
                    page=number,
                    verdict=verdict_of(one_found),
                    rotation=one_found.turn,
                    similarity=one_found.similarity,
                    signed_page=one_found.number,
                )
            )
    order = [page for _, page in sorted((one.number, page) for page, one in comparisons.items())]
    return MatchedPages(
        pages=tuple(pages),
        comparisons=comparisons,
        doubled=tuple(doubled),
        extra=tuple(one.number for one in compared if one.page is None and not one.empty),
        empty=tuple(one.number for one in compared if one.empty),
        moved=tuple(sorted(set(order) - set(_in_order(order)))),
    )


def _in_order(order: Sequence[int]) -> list[int]:
    """Return the longest part of a row of numbers that rises."""
    best: list[list[int]] = []
    for n, number in enumerate(order):
        before = [best[m] for m in range(n) if order[m] < number]
        best.append([*max(before, key=len, default=[]), number])
    return max(best, key=len, default=[])
