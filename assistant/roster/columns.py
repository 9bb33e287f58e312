"""Decide which column is which: by headings and by what stands in the columns, over all of them at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.program.states_and_counties import fold
from assistant.roster.assignment import assign
from assistant.roster.contents import SAMPLE, fit_of, kinds_of, sample_cells, share_of
from assistant.roster.heading_scores import (
    TWO_YEARS,
    YES_NO_HEADING,
    answers_of_heading,
    is_other,
    never_kept,
    why_other,
)
from assistant.roster.headings import SINCE, YEARS
from assistant.spreadsheets import column_letters, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.spreadsheets import Cell

TAKE = 0.5
"""Score from which a column is taken for an answer."""
SURE = 0.8
"""Sureness from which nobody needs to look at a column."""
ASK = 0.3
"""Score from which a person is asked whether a column is meant, where no other one gives the answer."""
TIE = 0.025
"""Scores so close that a person must say which column is meant, unless both say the same."""
HALF_FIT, POOR_FIT, NO_FIT = 0.5, 0.25, 0.0
MOSTLY = 0.75
PLAIN_SHARE, PLAIN_WORDS = 0.85, 0.6
PLAIN_NAME = 0.9
GUESS = 0.62
"""Score of a column that only what stands in it speaks for."""
DAYS_AND_YEARS = frozenset({SINCE, YEARS, "background_completed_on"})
ONLY_YES_NO = "it says yes or no, and no day or number of years is in it"
NAME_ANSWERS = frozenset({"full_name", "first_name", "last_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the sheet; ``answer`` is what it holds, None where it is left out, and then ``why`` may say why.

    An answer is a name of ``HEADINGS``, a part of a name ("first_name"), or "model:TFM" for a column of ticks.
    """

    index: int
    heading: str
    answer: str | None
    why: str | None = None
    closed: bool = False
    """Whether it holds data that is never stored, so that no one can choose it."""
    sureness: float = 1.0
    """From 0 to 1: how sure it is that the column is what it was taken for, or that it is to be left out."""
    alternatives: tuple[str, ...] = ()
    """Answers that fit about as well, best first: somebody has to choose."""

    @property
    def is_plain(self) -> bool:
        """Say whether the heading is a plain word for a name, and not one such as "Officer" that a row of data has."""
        return max(answers_of_heading(self.heading).get(answer, 0) for answer in NAME_ANSWERS) >= PLAIN_NAME

    @property
    def is_sure(self) -> bool:
        """Say whether nobody needs to look at the column."""
        return self.sureness >= SURE and not self.alternatives


@dataclass(slots=True)
class _Candidate:
    """A column on its way: its scores by answer, what kinds of cells it has, and what was decided."""

    index: int
    heading: str
    kinds: list[frozenset[str]]
    scores: dict[str, float]
    why: str | None = None
    closed: bool = False
    answer: str | None = None
    sureness: float = 1.0
    alternatives: tuple[str, ...] = ()
    is_fixed: bool = False

    def to_column(self) -> Column:
        return Column(
            index=self.index, heading=self.heading[:80], answer=self.answer, why=self.why, closed=self.closed,
            sureness=round(min(self.sureness, 1.0), 2), alternatives=self.alternatives,
        )  # fmt: skip


def columns_of(
    row: Sequence[Cell], choices: Mapping[int, str | None] | None = None, below: Sequence[Sequence[Cell]] = ()
) -> list[Column]:
    """Return the columns that a row of headings names.

    ``below`` are the rows under the headings. ``choices`` says by index what a person took a column for, None for
    nothing; it wins over everything else, but a column of what is never kept stays left out.
    """
    choices = choices or {}
    candidates = [
        _candidate(index, cell, below) for index, cell in enumerate(row) if isinstance(cell, str) and text_of(cell)
    ]
    candidates += _without_heading(row, below)
    candidates.sort(key=lambda candidate: candidate.index)
    return _decide(candidates, choices, below)


def _without_heading(row: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> list[_Candidate]:
    """Return columns with words in them and nothing over them, so that they are not lost without a word."""
    width = max((len(line) for line in below[:SAMPLE]), default=0)
    candidates: list[_Candidate] = []
    for index in range(width):
        if index < len(row) and text_of(row[index]):
            continue
        cells = [cell for cell in sample_cells(below, index) if any(map(str.isalpha, text_of(cell)))]
        if len(cells) >= HALF_FIT * min(len(below), SAMPLE) > 0:
            heading = f"Column {column_letters(index)}"
            candidates.append(_Candidate(index, heading, [kinds_of(cell) for cell in cells], {}))
    return candidates


def columns_without_headings(
    below: Sequence[Sequence[Cell]], choices: Mapping[int, str | None] | None = None
) -> list[Column]:
    """Return the columns of a sheet that has no headings, named by their letters, by what stands in them."""
    width = max((len(row) for row in below), default=0)
    candidates = [
        _Candidate(
            index, f"Column {column_letters(index)}", [kinds_of(cell) for cell in sample_cells(below, index)], {}
        )
        for index in range(width)
    ]
    candidates = [candidate for candidate in candidates if candidate.kinds]
    return _decide(candidates, choices or {}, below, is_guess=True)


def _decide(
    candidates: list[_Candidate],
    choices: Mapping[int, str | None],
    below: Sequence[Sequence[Cell]],
    *,
    is_guess: bool = False,
) -> list[Column]:
    _apply_choices(candidates, choices)
    _assign_best(candidates)
    _guess_by_contents(candidates, is_guess=is_guess)
    _ask_between_rivals(candidates, below)
    _ask_for_missing(candidates)
    for candidate in candidates:
        _explain(candidate, candidates)
    return [candidate.to_column() for candidate in candidates]


def _candidate(index: int, cell: str, below: Sequence[Sequence[Cell]]) -> _Candidate:
    heading = text_of(cell)
    if why := never_kept(heading):
        return _Candidate(index, heading, [], {}, why=why, closed=True)
    shares = answers_of_heading(heading)
    candidate = _Candidate(index, heading, [], {}, why=None if shares else why_other(heading))
    if below:
        candidate.kinds = [kinds_of(value) for value in sample_cells(below, index)]
    for answer, share in shares.items():
        factor = _fit_factor(answer, candidate)
        # Words that mean one thing alone keep their column, whatever is in it: its cells are asked one by one.
        candidate.scores[answer] = share * max(factor, PLAIN_WORDS if factor and share >= PLAIN_SHARE else 0)
    if shares and not any(score >= TAKE for score in candidate.scores.values()):
        candidate.why = _why_unfit(heading, shares, candidate)
    return candidate


def _fit_factor(answer: str, candidate: _Candidate) -> float:
    """Return by how much what stands in a column lowers what its heading says."""
    heading, kinds = candidate.heading, candidate.kinds
    if answer in DAYS_AND_YEARS - {"background_completed_on"}:
        if not kinds and YES_NO_HEADING.search(heading):
            return NO_FIT
        # A column of 1 and 0 is one of numbers; one of Y and N is none.
        truths = sum("truth" in kind and not {"years", "day"} & kind for kind in kinds)
        if kinds and truths >= MOSTLY * len(kinds) and share_of("day", kinds) + share_of("years", kinds) < POOR_FIT:
            return NO_FIT
        if answer == YEARS and TWO_YEARS.search(heading) and not any("years" in kind for kind in kinds):
            return NO_FIT
    fit = fit_of(answer, kinds)
    if answer == "rank":
        only_words = kinds and all(not {"rank"} & kind for kind in kinds)
        if share_of("id", kinds) > HALF_FIT and share_of("rank", kinds) < HALF_FIT:
            return NO_FIT
        if only_words and re.search(r"class|grade", fold(heading)) and not re.search(r"rank|title", fold(heading)):
            return HALF_FIT
    if fit >= HALF_FIT:
        return 1.0
    return 0.85 if fit >= POOR_FIT else 0.3


def _why_unfit(heading: str, shares: Mapping[str, float], candidate: _Candidate) -> str | None:
    answer = max(shares, key=lambda name: shares[name])
    kinds = candidate.kinds
    if answer in {SINCE, YEARS} and candidate.scores[answer] == 0:
        if answer == YEARS and TWO_YEARS.search(heading) and not all("truth" in kind for kind in kinds):
            return "it asks for two years, and does not say how many"
        return ONLY_YES_NO
    if answer == "rank" and candidate.scores[answer] == 0:
        return "its numbers are no rank"
    return None


def _apply_choices(candidates: Sequence[_Candidate], choices: Mapping[int, str | None]) -> None:
    """Let what a person chose win; of two columns chosen for one answer, the first has it."""
    first_chosen: dict[str, _Candidate] = {}
    for candidate in candidates:
        if candidate.index not in choices or candidate.closed:
            continue
        candidate.is_fixed = True
        answer = choices[candidate.index]
        if answer is None:
            candidate.why = "so it was chosen" if max(candidate.scores.values(), default=0) >= ASK else candidate.why
        elif answer in first_chosen:
            candidate.why = f"“{first_chosen[answer].heading[:80]}” says the same"
        else:
            first_chosen[answer] = candidate
            candidate.answer, candidate.why = answer, None


def _open_answers(candidates: Sequence[_Candidate]) -> list[str]:
    taken_answers = {candidate.answer for candidate in candidates}
    names = {answer for candidate in candidates if not candidate.is_fixed for answer in candidate.scores}
    return sorted(names - taken_answers)


def _assign_best(candidates: Sequence[_Candidate]) -> None:
    answers = _open_answers(candidates)
    columns = [candidate for candidate in candidates if not candidate.is_fixed and candidate.scores]
    if not answers or not columns:
        return
    # The earlier of two equal columns has the answer.
    gains = [
        [candidate.scores.get(answer, 0) - TAKE + 1e-9 - place * 1e-6 for place, candidate in enumerate(columns)]
        for answer in answers
    ]
    for answer, place in zip(answers, assign(gains), strict=True):
        if place is not None:
            columns[place].answer = answer
            columns[place].sureness = columns[place].scores[answer]


def _guess_by_contents(candidates: Sequence[_Candidate], *, is_guess: bool) -> None:
    """Take columns that their headings say nothing of for names, models and ranks; nobody is sure of them."""
    has_names = any(candidate.answer in NAME_ANSWERS for candidate in candidates)
    taken_answers = {candidate.answer for candidate in candidates}
    free = [
        c
        for c in candidates
        if not c.answer and not c.is_fixed and not c.closed and not c.scores and c.kinds and not is_other(c.heading)
    ]
    for answer, kind, least in (("full_name", "name", 0.6), ("models", "model", 0.7), ("rank", "rank", 0.7)):
        if answer in taken_answers or (answer == "full_name" and has_names):
            continue
        best = max(free, key=lambda c: (share_of(kind, c.kinds), -c.index), default=None)
        if best is None or (answer != "full_name" and len(best.kinds) == 1 and not is_guess):
            continue
        if share_of(kind, best.kinds) >= least and not best.why:
            best.answer, best.sureness = answer, GUESS
            free.remove(best)
    if not is_guess:
        return
    if not any(c.answer == "full_name" for c in candidates) and not has_names:
        best = max(free, key=lambda c: share_of("word", c.kinds) + share_of("name", c.kinds), default=None)
        if best is not None and fit_of("full_name", best.kinds) >= HALF_FIT:
            best.answer, best.sureness = "full_name", HALF_FIT
            free.remove(best)
    for candidate in free:
        could_be = {"day": SINCE, "years": YEARS, "id": "badge_number", "truth": "us_citizen"}
        best_kind = max(could_be, key=lambda name: share_of(name, candidate.kinds))
        if share_of(best_kind, candidate.kinds) >= HALF_FIT:
            candidate.alternatives, candidate.sureness = (could_be[best_kind],), HALF_FIT
            candidate.why = "the sheet has no headings. Choose what the column holds"


def _ask_between_rivals(candidates: Sequence[_Candidate], below: Sequence[Sequence[Cell]]) -> None:
    """Where two columns fit one answer about equally and say different things, take neither and ask."""
    for candidate in list(candidates):
        answer = candidate.answer
        if answer is None or candidate.is_fixed or answer not in candidate.scores:
            continue
        score = candidate.scores[answer]
        rivals = [
            other
            for other in candidates
            if other is not candidate and other.answer is None and not other.is_fixed
            and other.scores.get(answer, 0) >= score - TIE and _differ(candidate.index, other.index, below)
        ]  # fmt: skip
        if not rivals:
            continue
        if answer in NAME_ANSWERS:
            candidate.sureness = HALF_FIT
            for other in rivals:
                other.alternatives, other.sureness = (answer,), HALF_FIT
            continue
        for other in [candidate, *rivals]:
            names = " or ".join(f"“{rival.heading[:80]}”" for rival in [candidate, *rivals] if rival is not other)
            other.answer, other.sureness, other.alternatives = None, HALF_FIT, (answer,)
            other.why = f"{names} fits as well, and they differ. Choose the right one"


def _differ(one: int, other: int, below: Sequence[Sequence[Cell]]) -> bool:
    """Say whether two columns say different things of anybody."""
    step = max(1, len(below) // SAMPLE)
    pairs = [(row[one], row[other]) for row in below[::step] if max(one, other) < len(row)]
    texts = [(fold(text_of(first)), fold(text_of(second))) for first, second in pairs]
    return any(first and second and first != second for first, second in texts)


def _ask_for_missing(candidates: Sequence[_Candidate]) -> None:
    """Point to columns that may give an answer which no column gives, without taking them."""
    taken_answers = {candidate.answer for candidate in candidates}
    asked_answers = {answer for candidate in candidates for answer in candidate.alternatives}
    for candidate in candidates:
        if candidate.answer or candidate.is_fixed or candidate.alternatives:
            continue
        could_be = [
            answer
            for answer, score in sorted(candidate.scores.items(), key=lambda item: -item[1])
            if ASK <= score < TAKE and answer not in taken_answers | asked_answers
        ]
        if could_be:
            candidate.alternatives, candidate.sureness = tuple(could_be), HALF_FIT
            candidate.why = "it is not sure what it holds. Choose it if it is meant"


def _explain(candidate: _Candidate, candidates: Sequence[_Candidate]) -> None:
    """Say of a column that was left out which one was taken in its place."""
    if candidate.answer or candidate.why or not candidate.scores:
        return
    answer = max(candidate.scores, key=lambda name: candidate.scores[name])
    winner = next((other for other in candidates if other.answer == answer and other is not candidate), None)
    if winner is None or candidate.scores[answer] < ASK:
        return
    is_better = winner.scores.get(answer, 1.0) > candidate.scores[answer] + TIE
    says = "says it better" if is_better else "says the same"
    candidate.why = f"“{winner.heading[:80]}” {says}"


def names_people(columns: Sequence[Column]) -> bool:
    """Say whether a row of headings can be that of a roster."""
    answers = {column.answer for column in columns}
    return "full_name" in answers or {"first_name", "last_name"} <= answers
