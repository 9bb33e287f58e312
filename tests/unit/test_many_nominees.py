"""Documents of thousands of nominees: work that grows with them and no faster, counted in calls, not in seconds."""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from assistant.documents import setting
from assistant.documents.checklist import checklist_pdf
from assistant.documents.paper import _escaped
from assistant.documents.roster import roster_pdf
from assistant.documents.strips import Strip, space
from assistant.editions.library import FormLibrary
from assistant.garbage import collector_paused
from assistant.rules import Finding, Review
from assistant.services.application import make_bundle
from tests.load.bench_many_nominees import TODAY, made_up_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS_PER_FINDING = 150
"""Functions of Python that may be called for one finding of the checklist: 111 are, 204 were (one for each letter)."""
CALLS_PER_NOMINEE = 215
"""The same for one row of the roster, of a dozen cells: 200 are, 235 were."""


def calls_of(work: Callable[[], Any]) -> int:
    """Return how many functions written in Python are called."""
    count = 0

    def see(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def review_of(count: int) -> Review:
    findings = tuple(
        Finding(
            code="nominee-background",
            severity="blocker",
            where=f"nominees.{n}.background_investigation",
            message=f"Say whether Officer Number {n} has completed and passed a background investigation.",
            source="Program page, How Can Your Agency Participate",
        )
        for n in range(count)
    )
    return Review(findings=findings)


def test_a_finding_more_costs_the_checklist_few_calls_more() -> None:
    answers = made_up_answers(0)
    few, many = (
        calls_of(partial(checklist_pdf, answers, review_of(count), today=TODAY, draft=True)) for count in (100, 500)
    )
    assert (many - few) / 400 < CALLS_PER_FINDING


def test_a_nominee_more_costs_the_roster_few_calls_more() -> None:
    few, many = (calls_of(partial(roster_pdf, made_up_answers(count), today=TODAY, draft=True)) for count in (100, 500))
    assert (many - few) / 400 < CALLS_PER_NOMINEE


def test_strips_are_taken_only_as_far_as_one_needs_the_next() -> None:
    taken = 0

    def strips() -> Iterator[Strip]:
        nonlocal taken
        for number in range(9):
            taken += 1
            yield space(10, with_next=number % 3 != 2)

    found = setting._with_needed(strips(), 100)
    assert [next(found)[1] for _ in range(3)] == [30, 20, 10]
    assert taken == 3
    assert [height for _, height in found] == [30, 20, 10] * 2


def test_what_no_page_can_hold_breaks_and_a_last_strip_that_needs_another_is_drawn() -> None:
    strips = [space(60, with_next=True), space(60, with_next=True), space(20, with_next=True)]
    assert [height for _, height in setting._with_needed(strips, 100)] == [60, 80, 20]


@pytest.mark.parametrize(
    ("text", "escaped"), [("plain", "plain"), ("a(b", r"a\(b"), ("a)b", r"a\)b"), ("a\\b", "a\\\\b"), ("", "")]
)
def test_a_text_is_escaped_where_it_must_be(text: str, escaped: str) -> None:
    assert _escaped(text) == escaped


def test_no_garbage_is_collected_while_a_bundle_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    enabled: list[bool] = []

    def see(*_: Any, **__: Any) -> Review:
        enabled.append(gc.isenabled())
        return review_of(1)

    monkeypatch.setattr(make_bundle, "review_plan", see)
    answers = made_up_answers(2)
    make_bundle.make(answers, FormLibrary(), today=TODAY, draft=True)
    assert enabled == [False]
    assert gc.isenabled()


def test_the_collector_goes_on_after_the_last_of_several_and_after_a_failure() -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with collector_paused():
            inside.set()
            leave.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    assert inside.wait(10)
    with pytest.raises(ValueError, match="on purpose"), collector_paused():
        raise ValueError("on purpose")
    assert not gc.isenabled()
    leave.set()
    other.join()
    assert gc.isenabled()


@contextmanager
def collector_off() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_who_turned_the_collector_off_finds_it_off() -> None:
    with collector_off():
        with collector_paused():
            pass
        assert not gc.isenabled()
