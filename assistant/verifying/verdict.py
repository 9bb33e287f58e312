"""From what was found of each page of a signed copy to a verdict for each page of the issued file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal, TypedDict, cast

from assistant.verifying.comparison import PageDifference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.verifying.comparison import PageComparison
    from assistant.verifying.document import ComparedTexts

Verdict = Literal["same", "altered", "unclear", "missing", "unreadable", "extra"]
LEAST_REFLOWED = 0.6
"""A copy in which more pages than this are not the same by their picture may be typeset again."""
OWN_PICTURE = 0.85
"""From this likeness of its words on a page is drawn as it was issued, whatever its text says."""
OPEN_KINDS = frozenset({"coarse", "covered", "written"})
"""Differences that leave open whether the text was changed: a person looks."""


class PageVerdictDocument(TypedDict):
    """``PageVerdict`` as a JSON object."""

    page: int | None
    verdict: Verdict
    rotation: int
    similarity: float | None
    signed_page: int | None
    by_text: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """A page of the issued file and what became of it in the signed copy, or a page that only the signed copy has."""

    page: int | None
    """None for a page that only the signed copy has ("extra")."""
    verdict: Verdict
    rotation: int = 0
    """By how many degrees it is shown turned to the right."""
    similarity: float | None = None
    signed_page: int | None = None
    """The page of the signed copy that it is; None where it is missing."""
    by_text: bool = False
    """Whether only the text was compared, for the copy has other line breaks than the file."""
    why: tuple[str, ...] = ()
    """Sentences that say what differs, with what was issued and what was read."""

    def to_document(self) -> PageVerdictDocument:
        """Return it as a JSON object."""
        return cast("PageVerdictDocument", asdict(self))


def verdict_of(comparison: PageComparison) -> Verdict:
    """Return the verdict on a page that is one of the issued file."""
    if any(difference.kind == "text" for difference in comparison.differences):
        return "altered"
    if comparison.unreadable:
        return "unreadable"
    if any(difference.kind not in OPEN_KINDS for difference in comparison.differences):
        return "altered"
    return "unclear" if comparison.differences else "same"


def describe_difference(difference: PageDifference, page: int) -> str:
    """Return one sentence about something that differs on a page."""
    issued, read, place = difference.issued, difference.read, f"{difference.place:.1f} inches from the top"
    what = f"“{issued}”" if issued else "a word"
    sentence = f"Look at {what} on page {page}, {place}: the scan is too coarse to tell."
    match difference.kind:
        case "word" if issued and read:
            sentence = f"Page {page}: the file says “{issued}”, the scan seems to say “{read}”."
        case "word":
            sentence = f"Page {page}: {what}, {place}, does not look like the one in the file."
        case "gone":
            sentence = f"Page {page}: {what}, {place}, is not there."
        case "added":
            sentence = f"Page {page}: “{read}”, {place}, is not in the file."
        case "struck":
            sentence = f"Page {page}: {what}, {place}, is struck out."
        case "text" if issued and read:
            sentence = f"Page {page}: the file says “{issued}”, the text of the signed copy says “{read}”."
        case "text" if issued:
            sentence = f"Page {page}: the file says “{issued}”, the text of the signed copy does not."
        case "text":
            sentence = f"Page {page}: the text of the signed copy says “{read}”, the file does not."
        case "covered" | "written":
            over = f" over {what}" if issued else ""
            sentence = f"Something is written{over} on page {page}, {place}."
    return sentence


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

    @property
    def extra_pages(self) -> tuple[PageVerdict, ...]:
        """Return the verdicts on pages that only the signed copy has, and on those that it has twice."""
        twice = {number: (f"Page {page} is in the signed copy once more.",) for number, page in self.doubled}
        none = dict.fromkeys(self.extra, ("This is not a page of this file.",))
        return tuple(
            PageVerdict(page=None, verdict="extra", signed_page=number, why=why)
            for number, why in sorted((twice | none).items())
        )


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
    extra = [one.number for one in compared if one.page is None and not one.empty]
    ruined = _assign_ruined(count, compared, comparisons)
    pages = [_judge(number, comparisons.get(number), ruined.get(number)) for number in range(1, count + 1)]
    order = [page for _, page in sorted((one.number, page) for page, one in comparisons.items())]
    return MatchedPages(
        pages=tuple(pages),
        comparisons=comparisons,
        doubled=tuple(doubled),
        extra=tuple(number for number in extra if number not in ruined.values()),
        empty=tuple(one.number for one in compared if one.empty),
        moved=tuple(sorted(set(order) - set(_in_order(order)))),
    )


def _judge(number: int, comparison: PageComparison | None, ruined: int | None) -> PageVerdict:
    if comparison is None and ruined is not None:
        sentence = f"Page {ruined} of the signed copy stands in the place of this page and cannot be read."
        return PageVerdict(page=number, verdict="unreadable", signed_page=ruined, why=(sentence,))
    if comparison is None:
        return PageVerdict(page=number, verdict="missing")
    why: tuple[str, ...] = tuple(describe_difference(difference, number) for difference in comparison.differences)
    if comparison.unreadable:
        why = (f"Page {number} {comparison.unreadable}.", *(why if verdict_of(comparison) == "altered" else ()))
    return PageVerdict(
        page=number,
        verdict=verdict_of(comparison),
        rotation=comparison.turn,
        similarity=comparison.similarity,
        signed_page=comparison.number,
        why=why,
    )


def _assign_ruined(
    count: int, compared: Sequence[PageComparison], comparisons: Mapping[int, PageComparison]
) -> dict[int, int]:
    """Return, for pages that lack, the illegible page of the signed copy that stands in their place."""
    assigned: dict[int, int] = {}
    illegible = [one.number for one in compared if one.page is None and not one.empty and not one.legible]
    for number in range(1, count + 1):
        if number in comparisons:
            continue
        before = (
            comparisons[number - 1].number
            if number - 1 in comparisons
            else assigned.get(number - 1, 0 if number == 1 else -1)
        )
        after = comparisons[number + 1].number if number + 1 in comparisons else -1
        for one in illegible:
            in_place = one == before + 1 if before >= 0 else one == after - 1
            if in_place and one not in assigned.values():
                assigned[number] = one
                break
    return assigned


def _in_order(order: Sequence[int]) -> list[int]:
    """Return the longest part of a row of numbers that rises."""
    best: list[list[int]] = []
    for n, number in enumerate(order):
        before = [best[m] for m in range(n) if order[m] < number]
        best.append([*max(before, key=len, default=[]), number])
    return max(best, key=len, default=[])


def needs_texts(pages: MatchedPages) -> bool:
    """Say whether the signed copy may be set with other line breaks, so that only its text can be compared.

    Then most pages are none of the file by their picture, or altered all over.
    """
    other = sum(page.verdict != "same" for page in pages.pages)
    return other > LEAST_REFLOWED * len(pages.pages)


def join_texts(pages: MatchedPages, rows: ComparedTexts) -> MatchedPages:
    """Return the verdicts by text where the texts of both files could be compared; else as they are.

    ``rows``: what ``document.compare_texts`` returned, sentences by the number of the issued page.
    """
    if not rows["comparable"]:
        return pages
    verdicts = tuple(
        page if page.verdict == "same" else _judge_by_text(page, pages.comparisons.get(page.page or 0), rows)
        for page in pages.pages
    )
    return replace(pages, pages=verdicts, extra=(), doubled=(), moved=())


def _judge_by_text(page: PageVerdict, comparison: PageComparison | None, rows: ComparedTexts) -> PageVerdict:
    """Return the verdict by text, and by the picture too where it is the issued page's own and not typeset again."""
    differences = [PageDifference(**row) for row in rows["pages"][str(page.page)]]
    if comparison and comparison.similarity >= OWN_PICTURE:
        differences += [difference for difference in comparison.differences if difference.kind != "text"]
    is_open = bool(differences) and all(difference.kind in OPEN_KINDS for difference in differences)
    verdict: Verdict = "unclear" if is_open else "altered" if differences else "same"
    return PageVerdict(
        page=page.page,
        verdict=verdict,
        signed_page=page.signed_page,
        why=tuple(describe_difference(difference, page.page or 0) for difference in differences),
        by_text=True,
    )
