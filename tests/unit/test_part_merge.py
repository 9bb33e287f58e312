"""A part that comes back: nothing of one side is lost, and what both sides changed is asked."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import Answers, Nominee, get_path, to_document, with_path
from assistant.answers.plain_values import plain
from assistant.errors import AnswersError, InputError
from assistant.services.application.nominees import new_ids
from assistant.services.application.part_merge import apply_mine, match_ids, merge_part
from assistant.services.application.parts import (
    CONTEXT,
    DAMAGED,
    PARTS,
    WHOLE,
    HandedPart,
    answers_of,
    context_of,
    dump_part,
    load_part,
    state_of,
)
from assistant.web.wizard.steps import STEPS
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

ORIGIN = "0" * 32
TEXTS = ["Sheriff", "Chief", "Núñez", None, "O’Brien", "A B"]


def handed(part: str, before: tuple[Answers, Sequence[str]], after: tuple[Answers, Sequence[str]]) -> HandedPart:
    return HandedPart(
        part=part,
        origin=ORIGIN,
        returned=True,
        context=context_of(before[0]),
        base=state_of(part, *before),
        mine=state_of(part, *after),
    )


def crowd(count: int) -> tuple[Answers, list[str]]:
    answers = complete_answers()
    people = tuple(Nominee(full_name=f"Officer {n}", badge_number=str(n), models=("TFM",)) for n in range(count))
    return replace(answers, nominees=people), new_ids(count)


def test_the_parts_are_the_steps_of_the_wizard() -> None:
    asked = {step.slug: set(step.page_form.paths()) for step in STEPS if step.page_form}
    parts = {slug: set(part.paths) for slug, part in PARTS.items() if slug not in {WHOLE, "nominees"}}
    assert parts == asked
    assert {step.slug: step.title for step in STEPS if step.slug in PARTS} == {
        slug: part.title for slug, part in PARTS.items() if slug != WHOLE
    }


def test_the_whole_application_leaves_no_answer_behind() -> None:
    def leaves(value: Any, inside: str = "") -> set[str]:
        if isinstance(value, dict) and value:
            return set[str]().union(*(leaves(one, f"{inside}{key}.") for key, one in value.items()))
        return {inside.rstrip(".")}

    document = {
        key: value for key, value in to_document(complete_answers()).items() if key not in {"format", "nominees"}
    }
    assert leaves(document) | {"editions"} == set(PARTS[WHOLE].paths)


@pytest.mark.parametrize("part", PARTS)
def test_a_file_holds_its_part_and_nothing_else(part: str) -> None:
    answers, ids = complete_answers(), new_ids(1)
    content = dump_part(handed(part, (answers, ids), (answers, ids)))
    opened = load_part(content)
    assert opened == handed(part, (answers, ids), (answers, ids))
    only, only_ids = answers_of(opened)
    if part == WHOLE:
        assert (only, only_ids) == (answers, ids)
        return
    own = {*PARTS[part].paths, *CONTEXT}
    for path in PARTS[WHOLE].paths:
        expected = get_path(answers, path) if path in own else get_path(Answers(), path)
        assert plain(get_path(only, path)) == plain(expected), path
    secrets = {"nominees": "Alex Nguyễn", "signatory": "sheriff@ecso", "program-contact": "Sam O’Brien"}
    for step, text in secrets.items():
        assert (text in content.decode()) == (part == step)


def test_what_one_side_changed_is_taken_and_what_both_changed_is_asked() -> None:
    base = complete_answers()
    mine = with_path(with_path(base, "signatory.title", "Chief"), "signatory.phone", "(727) 555-0199")
    theirs = with_path(with_path(base, "signatory.title", "Undersheriff"), "signatory.email", "new@ecso.example.gov")
    ids = new_ids(1)
    merge = merge_part(handed("signatory", (base, ids), (mine, ids)), theirs, ids)
    assert merge.answers.signatory.phone == "(727) 555-0199"
    assert merge.answers.signatory.email == "new@ecso.example.gov"
    assert merge.answers.signatory.title == "Undersheriff", "kept until a person has chosen"
    (conflict,) = merge.conflicts
    assert (conflict.key, conflict.mine, conflict.theirs) == ("signatory.title", "Chief", "Undersheriff")
    answers, _ = apply_mine(merge.answers, ids, {conflict.key: conflict.mine})
    assert answers.signatory.title == "Chief"
    again = merge_part(handed("signatory", (base, ids), (mine, ids)), merge.answers, ids)
    assert again == merge, "opening the file again changes nothing and asks the same"


@pytest.mark.parametrize("seed", range(40))
def test_random_changes_of_both_sides(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's choice
    base, ids = crowd(chance.randint(0, 8))

    def change(answers: Answers) -> tuple[Answers, list[str]]:
        people, own = list(answers.nominees), list(ids)
        for _ in range(chance.randint(0, 3)):
            path = chance.choice(["signatory.title", "signatory.full_name", "ice.field_office"])
            answers = with_path(answers, path, chance.choice(TEXTS))
        for _ in range(chance.randint(0, 4)):
            act = chance.choice(["add", "remove", "edit"])
            place = chance.randrange(len(people)) if people else 0
            if act == "add" or not people:
                people.append(Nominee(full_name=f"New {chance.random()}", models=("WSO",)))
                own.extend(new_ids(1, own))
            elif act == "remove":
                del people[place], own[place]
            else:
                name = chance.choice(["rank", "full_name", "badge_number"])
                people[place] = with_path(
                    Answers(nominees=(people[place],)), f"nominees.0.{name}", chance.choice(TEXTS)
                ).nominees[0]
        return replace(answers, nominees=tuple(people)), own

    mine, my_ids = change(base)
    theirs, their_ids = change(base)
    part = load_part(dump_part(handed(WHOLE, (base, ids), (mine, my_ids))))
    merge = merge_part(part, theirs, their_ids)
    sides = [state_of(WHOLE, *side) for side in ((base, ids), (mine, my_ids), (theirs, their_ids))]
    result = state_of(WHOLE, merge.answers, merge.ids)
    asked = {conflict.key for conflict in merge.conflicts}
    for path in PARTS[WHOLE].paths:
        old, my, their = (side.values[path] for side in sides)
        expected = my if my != old and their == old else their
        assert result.values[path] == expected
        assert (path in asked) == (my not in [old, their] and their != old)
    for short_id in {*ids, *my_ids, *their_ids}:
        one, my_one, their_one = (side.people.get(short_id) for side in sides)
        if my_one == one:
            assert result.people.get(short_id) == their_one
        if their_one == one and my_one != one:
            assert result.people.get(short_id) == my_one
    chosen = {conflict.key: conflict.mine for conflict in merge.conflicts}
    answers, final_ids = apply_mine(merge.answers, merge.ids, chosen)
    settled = merge_part(part, answers, final_ids)
    assert not [one for one in settled.conflicts if one.key in asked], "what is chosen is asked no more"


def test_a_nominee_removed_here_and_changed_there_is_asked() -> None:
    base, ids = crowd(2)
    mine = replace(base, nominees=(replace(base.nominees[0], rank="Sergeant"), base.nominees[1]))
    theirs = replace(base, nominees=base.nominees[1:])
    merge = merge_part(handed("nominees", (base, ids), (mine, ids)), theirs, ids[1:])
    (conflict,) = merge.conflicts
    assert conflict.key == f"nominees:{ids[0]}"
    assert conflict.theirs is None
    assert conflict.person == "Officer 0"
    answers, final = apply_mine(merge.answers, merge.ids, {conflict.key: conflict.mine})
    assert [one.rank for one in answers.nominees if one.full_name == "Officer 0"] == ["Sergeant"]
    assert set(final) == set(ids)
    back = merge_part(handed("nominees", (base, ids), (theirs, ids[1:])), mine, ids)
    (other,) = back.conflicts
    assert other.mine is None
    removed, left = apply_mine(back.answers, back.ids, {other.key: None})
    assert (len(removed.nominees), left) == (1, ids[1:])


def test_a_base_that_nobody_knows_removes_nobody_and_asks() -> None:
    base, ids = crowd(2)
    part = handed("nominees", (base, ids), (replace(base, nominees=base.nominees[1:]), ids[1:]))
    part = replace(part, base=state_of("signatory", Answers(), ()))
    merge = merge_part(part, base, ids)
    assert merge.answers == base
    assert not merge.conflicts


def test_nominees_of_an_answers_file_are_told_by_what_they_say() -> None:
    base, ids = crowd(4)
    shuffled = (base.nominees[2], replace(base.nominees[0], rank="Sergeant"), Nominee(full_name="New"))
    found = match_ids(handed("nominees", (base, ids), (base, ids)), replace(base, nominees=shuffled), new_ids(3, ids))
    assert found[:2] == [ids[2], ids[0]]
    assert found[2] not in ids


@pytest.mark.parametrize(
    "change",
    [
        {"format": "moa-part/9"}, {"part": "everything"}, {"origin": "../x"}, {"context": {"nominees": []}},
        {"mine": {"values": {"signatory.title": "x"}, "wordings": {}, "people": []}}, {"mine": None}, {"base": []},
        {"mine": {"values": {}, "wordings": {}, "people": [["bad id", {}]]}},
        {"mine": {"values": {}, "wordings": {"agency.legal_name": "x"}, "people": []}},
        {"mine": {"values": {}, "wordings": {}, "people": [["23456789", {"password": "x"}]]}},
        {"mine": {"values": {}, "wordings": {}, "people": [["23456789", {"full_name": "123-45-6789"}]]}},
        {"context": {"models": ["XXX"]}},
    ],
)  # fmt: skip
def test_a_content_that_is_none_is_refused(change: dict[str, Any]) -> None:
    answers, ids = complete_answers(), new_ids(1)
    document = json.loads(dump_part(handed("nominees", (answers, ids), (answers, ids))))
    with pytest.raises((InputError, AnswersError)) as caught:
        load_part(json.dumps({**document, **change}).encode())
    assert str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"format": "moa-part/1"}'])
def test_a_content_that_is_no_part_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=DAMAGED):
        load_part(content)
