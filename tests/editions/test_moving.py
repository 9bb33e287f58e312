"""From one edition to another: which blanks differ, what would print differently, and the move itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, get_args

import pytest

from assistant.answers import Model, dump, parse, to_document, with_path
from assistant.cli import main as cli
from assistant.cli.application.move import move as move_command
from assistant.editions.catalog import all_editions, editions_for, get_edition
from assistant.editions.form_plan import plan_blanks
from assistant.editions.library import FormLibrary
from assistant.errors import AnswersError
from assistant.mapping.compare import compare_editions, pair_blanks
from assistant.services.application.editions import differences, move
from assistant.services.application.review import review

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Answers
    from assistant.editions.catalog import Edition
    from assistant.editions.library import FormOnHand

OLD, NEW = "moa-tfm/2025-02-12", "moa-tfm/2025-03-07"
AGENCY_LINES = ("ICE, agency", "ICE, agency, line 2", "ICE, agency, line 3")


@pytest.fixture(scope="module")
def library(blank_forms: dict[str, bytes]) -> FormLibrary:
    return FormLibrary(blank_forms.values())


def names(edition: Edition) -> list[str]:
    return [entry.blank for entry in edition.entries] + [blank.blank for blank in edition.left_blank]


@pytest.mark.parametrize("name", [edition.name for edition in all_editions()])
def test_an_edition_does_not_differ_from_itself(on_hand: dict[str, FormOnHand], name: str) -> None:
    edition = get_edition(name)
    template = on_hand[name].template if name in on_hand else None
    assert compare_editions(edition, edition, template, template) == []
    assert all(one is other for one, other in pair_blanks(edition, edition))


@pytest.mark.parametrize("model", get_args(Model))
def test_every_blank_of_two_editions_stands_in_one_pair(model: Model) -> None:
    for old in editions_for(model):
        for new in editions_for(model):
            pairs = pair_blanks(old, new)
            assert sorted(b.blank for b, _ in pairs if b) == sorted(names(old))
            assert [b.blank for _, b in pairs if b] == names(new)
            assert all(one.side == other.side for one, other in pairs if one and other)


def test_what_the_newer_task_force_form_changed_is_named(on_hand: dict[str, FormOnHand]) -> None:
    found = compare_editions(get_edition(OLD), get_edition(NEW), on_hand[OLD].template, on_hand[NEW].template)
    new = {d.new for d in found if d.kind == "new"}
    assert new == {"agency, footers", "name", "agency, signature", "ICE, name", *AGENCY_LINES}
    assert not [d for d in found if d.kind == "gone"]
    narrow = next(d for d in found if d.old == "Name of LEA" and d.kind == "resized")
    assert narrow.message == "From 57 pt wide to 179 pt."
    changed = [(d.old, d.message) for d in found if d.kind == "changed"]
    assert changed == [("Name of LEA", "Was: filled from agency.short_name. Now: filled from agency.legal_name.")]
    moved = {d.old for d in found if d.kind == "moved"}
    assert "in theName of LEA" in moved
    assert "Local OPLA Location" not in moved


def test_backwards_what_was_new_is_gone(on_hand: dict[str, FormOnHand]) -> None:
    found = compare_editions(get_edition(NEW), get_edition(OLD), on_hand[NEW].template, on_hand[OLD].template)
    assert {d.old for d in found if d.kind == "gone"} == {
        "agency, footers", "name", "agency, signature", "ICE, name", *AGENCY_LINES,
    }  # fmt: skip
    assert not [d for d in found if d.kind == "new"]


def test_a_blank_that_moved_a_page_or_a_little_is_told_apart_from_one_that_did_not() -> None:
    old = get_edition(NEW)
    entries = list(old.entries)
    for n, (page, across) in enumerate(((0, 0.0), (1, 0.0), (0, 2.5), (0, 9.0))):
        place = entries[n].places[0]
        x0, y, x1 = place.line
        moved = replace(place, page=place.page + page, line=(x0 + across, y, x1 + across))
        entries[n] = replace(entries[n], page=entries[n].page + page, places=(moved, *entries[n].places[1:]))
    found = compare_editions(old, replace(old, entries=tuple(entries)))
    assert [(d.kind, d.old, d.message) for d in found] == [
        ("moved", "agency, officers", "From page 1 to page 2."),
        ("moved", "agency, footers", "By +9 pt across and +0 pt up."),
    ]


def test_blanks_at_one_place_are_one_blank_whatever_they_are_called() -> None:
    known = get_edition(NEW)
    ices = next(blank for blank in known.left_blank if blank.side == "ice" and blank.line)
    lines = [(357.0, y, 527.0) for y in (300.0, 250.0, 200.0)]
    old = [replace(ices, blank=f"A{n}", label="agency, under “For ICE”", line=line) for n, line in enumerate(lines)]
    new = [replace(one, blank=f"B{n}") for n, one in enumerate(old)]
    pairs = pair_blanks(replace(known, left_blank=tuple(old)), replace(known, left_blank=tuple(reversed(new))))
    ours = [(one.blank, other.blank) for one, other in pairs if one in old and other]
    assert ours == [("A2", "B2"), ("A1", "B1"), ("A0", "B0")]


@pytest.mark.parametrize("asked", ["agency.legal_name", "agency.represents"])
def test_a_blank_that_is_part_of_another_one_is_neither_gone_nor_new(asked: str) -> None:
    flat, fields = get_edition("moa-wso/2025-02-14.flat"), get_edition("moa-wso/2025-02-14")
    lone = next(entry for entry in flat.entries if entry.label == "agency’s name, section I")
    flat = replace(flat, entries=tuple(replace(e, path=asked) if e == lone else e for e in flat.entries))
    there, back = compare_editions(flat, fields), compare_editions(fields, flat)
    if asked != lone.path:  # the same words, and another answer: a blank of its own
        assert ([one.kind for one in there], [one.kind for one in back]) == (["gone"], ["new"])
        return
    assert [(one.kind, one.label, one.message) for one in there] == [
        (
            "changed",
            "agency’s name, section I and the footer of every page",
            "The blank “agency’s name, section I” is now part of this one.",
        )
    ]
    assert [(one.kind, one.label, one.message) for one in back] == [
        (
            "changed",
            "agency’s name, section I",
            "Was part of the blank “agency’s name, section I and the footer of every page”.",
        )
    ]


def test_without_the_forms_only_the_maps_are_compared() -> None:
    found = compare_editions(get_edition(OLD), get_edition(NEW))
    assert {d.kind for d in found} == {"new", "changed"}


def test_what_prints_differently_is_what_the_forms_say(library: FormLibrary, example_answers: Answers) -> None:
    found = differences(example_answers, library, "TFM", "2025-02-12")
    by_kind = {kind: [d.label for d in found if d.kind == kind] for kind in ("text", "gone", "new", "size")}
    assert by_kind["text"] == ["agency’s short name, “employees of the ____”"]
    assert set(by_kind["gone"]) == {
        "agency’s name, footer of every page", "name, under “For the LEA”", "agency, under “For the LEA”",
    }  # fmt: skip
    assert by_kind["new"] == []
    written = {w.entry.label: w for w in plan_blanks(library.choose("TFM", "2025-02-12"), example_answers).blanks}
    for difference in found:
        if difference.kind in {"text", "size"}:
            assert difference.new_text == written[difference.label].text
            assert difference.new_size == written[difference.label].size
    # What the list leaves out prints alike.
    named = {d.label for d in found}
    before = {w.entry.label: w for w in plan_blanks(library.choose("TFM", None), example_answers).blanks}
    for label in written.keys() & before.keys() - named:
        assert written[label].text == before[label].text


def test_to_the_edition_it_is_on_nothing_differs(library: FormLibrary, example_answers: Answers) -> None:
    assert differences(example_answers, library, "TFM", "2025-03-07") == []
    assert differences(example_answers, library, "TFM", None) == []


def test_an_empty_answer_is_no_difference(library: FormLibrary, example_answers: Answers) -> None:
    answers = with_path(example_answers, "signatory.full_name", None)
    assert "name, under “For the LEA”" not in {d.label for d in differences(answers, library, "TFM", "2025-02-12")}


def test_without_a_form_on_hand_no_size_is_compared(example_answers: Answers) -> None:
    found = differences(example_answers, FormLibrary(), "TFM", "2025-02-12")
    assert {d.kind for d in found} == {"text", "gone"}
    assert all(d.old_size is None and d.new_size is None for d in found)


def test_the_move_changes_the_pin_and_nothing_else(example_answers: Answers) -> None:
    moved = move(example_answers, "TFM", "2025-02-12")
    assert dict(moved.editions) == {"TFM": "2025-02-12"}
    assert to_document(moved) | {"editions": None} == to_document(example_answers) | {"editions": None}
    assert parse(dump(moved)) == moved
    other = move(moved, "WSO", "2025-02-14")
    assert dict(other.editions) == {"TFM": "2025-02-12", "WSO": "2025-02-14"}
    assert move(move(other, "WSO", None), "TFM", None) == example_answers


def test_after_the_move_the_review_asks_the_other_form(library: FormLibrary, example_answers: Answers) -> None:
    def outdated(answers: Answers) -> bool:
        found = review(answers, library, today=date(2026, 2, 1)).findings
        return any(f.code == "form-outdated" and f.where == "editions.TFM" for f in found)

    pinned = move(example_answers, "TFM", "2025-02-12")
    assert outdated(pinned)
    assert not outdated(move(pinned, "TFM", "2025-03-07"))
    assert not outdated(move(pinned, "TFM", None))


@pytest.mark.parametrize(("model", "to"), [("TFM", "2024-01-01"), ("TFM", "moa-tfm/2025-03-07"), ("TTFM", None)])
def test_what_cannot_be_moved_is_refused(
    library: FormLibrary, example_answers: Answers, model: Model, to: str | None
) -> None:
    with pytest.raises(AnswersError):
        move(example_answers, model, to)
    with pytest.raises(AnswersError):
        differences(example_answers, library, model, to)


def test_the_command_prints_the_differences_and_moves_on_request(
    example_path: Path, official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "moved.json"
    command = ["application", "move", str(example_path), "--model", "TFM", "--to", "2025-02-12"]
    command += ["--forms", str(official_forms)]
    assert cli.run([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"kind", "label", "old_page", "new_page", "old_text", "new_text", "old_size", "new_size"} < found[0].keys()
    assert cli.run([*command, "--out", str(out)]) == 0
    assert f"{len(found)} blanks print differently." in capsys.readouterr().out
    assert parse(out.read_bytes()).editions == {"TFM": "2025-02-12"}
    back = ["application", "move", str(out), "--model", "TFM", "--out", str(out), "--forms", str(official_forms)]
    assert cli.run(back) == 0
    assert out.read_bytes() == example_path.read_bytes()


def test_the_command_refuses_an_edition_that_is_not_known_and_writes_nothing(
    example_path: Path, official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "moved.json"
    command = ["application", "move", str(example_path), "--model", "TFM", "--to", "1999-01-01", "--out", str(out)]
    assert cli.run([*command, "--forms", str(official_forms)]) == 2
    assert "1999-01-01" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_knows_every_model() -> None:
    option = next(parameter for parameter in move_command.params if parameter.name == "model")
    assert tuple(option.type.choices) == get_args(Model)  # type: ignore[attr-defined]  # a choice


def test_the_command_compares_two_editions(official_forms: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["forms", "compare", OLD, NEW, "--forms", str(official_forms), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"kind", "label", "old", "new", "old_page", "new_page", "message"} == found[0].keys()
    assert {d["kind"] for d in found} == {"new", "changed", "moved", "resized"}
    assert cli.run(["forms", "compare", OLD, "moa-tfm/1999-01-01"]) == 2


def test_a_text_that_would_be_cut_off_is_said_to_block(library: FormLibrary, example_answers: Answers) -> None:
    answers = with_path(example_answers, "agency.short_name", "Example County Joint Office of Sheriff and Corrections")
    label = "agency’s short name, “employees of the ____”"
    found = next(d for d in differences(answers, library, "TFM", "2025-02-12") if d.label == label)
    assert found.new_fault == "it would be cut off"
    assert found.now.endswith("(p. 1; it would be cut off, which blocks the export)")
    assert found.old_fault == ""
    assert "pt)" in found.was
    findings = review(move(answers, "TFM", "2025-02-12"), library, today=date(2026, 2, 1)).findings
    assert any(f.code == "text-clipped" and label in f.message for f in findings)
    back = next(
        d for d in differences(move(answers, "TFM", "2025-02-12"), library, "TFM", "2025-03-07") if d.label != label
    )
    assert back.new_fault == ""
