from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import with_path
from assistant.rules import Case, check
from tests.unit.conftest import with_blanks

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answers import Answers, Model
    from assistant.rules import Finding

PUBLIC = "public_information_contact"
OLD_TFM: dict[str, Any] = {"TFM": "moa-tfm/2025-02-12"}

WRONG: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("answer-missing", {"agency.legal_name": None}, "agency.legal_name", "blocker",
     "Enter the agency's legal name. Needed on the JEM agreement, p. 1 and 7; the TFM agreement, p. 1"),
    ("answer-missing", {"agency.represents": None}, "agency.represents", "blocker", "the TFM agreement, p. 1"),
    ("answer-missing", {"signatory.full_name": None}, "signatory.full_name", "blocker", "the TFM agreement, p. 9"),
    ("answer-missing", {"agency.address.street": None}, "agency.address.street", "blocker",
     "the letter of interest, p. 1"),
    ("answer-missing", {"agency.address.city": None}, "agency.address.city", "blocker", "Enter the city"),
    ("answer-missing", {"agency.address.state": None}, "agency.address.state", "blocker", "Enter the state"),
    ("answer-missing", {"agency.address.zip": None}, "agency.address.zip", "blocker", "Enter the ZIP code"),
    ("answer-missing", {"program_contact.title": None}, "program_contact.title", "warning", "the TFM agreement, p. 10"),
    ("answer-missing", {f"{PUBLIC}.title": None}, f"{PUBLIC}.title", "warning",
     "the JEM agreement, p. 11; the TFM agreement, p. 14; the WSO agreement, p. 10"),
    ("title-blank", {"signatory.title": None}, "signatory.title", "blocker", "the TFM agreement, p. 9"),
    ("opla-blank", {"ice.opla_location": None}, "ice.opla_location", "warning",
     "Enter the OPLA location. Needed on the JEM agreement, p. 4; the TFM agreement, p. 7; the WSO agreement, p. 4."),
    ("poc-a-blank", {"program_contact": {}}, "program_contact.full_name", "blocker",
     "No program contact is given. Enter a name, a title, a telephone number and an e-mail address. Needed on the TFM"),
    ("pubinfo-blank", {PUBLIC: {}}, f"{PUBLIC}.full_name", "blocker", "No public-information contact is given."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes", "where", "severity", "words"), WRONG)
def test_what_is_missing_is_named_with_its_places(
    found: Callable[..., list[Finding]], *, code: str, changes: dict[str, Any], where: str, severity: str, words: str
) -> None:
    (finding,) = found(code, changes)
    assert (finding.where, finding.severity) == (where, severity)
    assert words in finding.message
    assert "Letter of Interest" in finding.source or "Memorandum of Agreement" in finding.source
    assert found(code) == []


def test_a_pinned_older_form_is_moved_not_downloaded(make_case: Callable[..., Case]) -> None:
    case = make_case({"editions": {"TFM": "2025-02-12"}}, editions=OLD_TFM)
    (finding,) = [f for f in check(case).findings if f.code == "form-outdated"]
    assert "Switch the application to it under “Editions of the forms”" in finding.message


@pytest.mark.parametrize("path", [row[2] for row in WRONG])
def test_one_missing_answer_is_one_finding(make_case: Callable[..., Case], path: str) -> None:
    section = path.partition(".")[0]
    whole: dict[str, Any] = {section: {}} if path.endswith("full_name") and section != "signatory" else {path: None}
    subjects = {"completeness", "contacts"}
    assert [f.where for f in check(make_case(whole), subjects=subjects).findings] == [path]


def test_an_answer_that_no_form_asks_for_is_not_missing(found: Callable[..., list[Finding]]) -> None:
    assert found("poc-a-blank", {"program_contact": {}, "models": ["JEM"]}) == []
    assert found("answer-missing", {"agency.phone": None, "agency.email": None, "agency.county": None}) == []


def test_a_contact_without_a_name_or_a_number_is_another_rules(found: Callable[..., list[Finding]]) -> None:
    for part in ("full_name", "phone", "email"):
        assert found("answer-missing", {f"program_contact.{part}": None, f"{PUBLIC}.{part}": None}) == []


def test_an_empty_address_is_asked_for_once(found: Callable[..., list[Finding]]) -> None:
    missing = found("answer-missing", {"agency.address": {}})
    assert [f.where for f in missing] == [f"agency.address.{part}" for part in ("street", "city", "state", "zip")]
    assert "the TFM agreement, p. 10 and 14; the letter of interest, p. 1" in missing[0].message


def test_without_a_letter_only_the_forms_ask(make_case: Callable[..., Case]) -> None:
    case = replace(make_case({"agency.address.city": None, "signatory.title": None}), letter=False)
    findings = check(case, subjects={"completeness"}).findings
    assert [f.code for f in findings] == ["title-blank"]
    assert "letter" not in findings[0].message


def test_without_a_model_nothing_is_asked(found: Callable[..., list[Finding]]) -> None:
    assert found("answer-missing", {"models": [], "agency": {}}) == []


def test_the_short_name_stands_in_the_old_form(found: Callable[..., list[Finding]]) -> None:
    (finding,) = found("abbrev-blank", {"agency.short_name": None}, editions=OLD_TFM)
    assert (finding.where, finding.severity) == ("agency.short_name", "blocker")
    assert "short name or initials. Needed on the TFM agreement, p. 1." in finding.message
    assert finding.source == "Memorandum of Agreement, 287(g) Task Force Model, rev. 02/12/2025"
    assert found("abbrev-blank", editions=OLD_TFM) == []


def with_text(case: Case, model: Model, match: Callable[[Any], bool], **changes: Any) -> Case:
    """Return the case with what goes into some blanks of a form replaced."""
    other = with_blanks(case, lambda w: replace(w, **changes) if match(w) else w, model)
    assert other != case
    return other


def test_a_blank_left_empty_in_appendix_b_is_told_apart(make_case: Callable[..., Case]) -> None:
    case = with_text(make_case(), "TFM", lambda w: "Appendix B" in w.entry.label, text="")
    (finding,) = check(case, subjects={"completeness"}).findings
    assert (finding.code, finding.severity, finding.where) == ("appb-blank", "blocker", "agency.legal_name")
    assert "the TFM agreement, p. 11" in finding.message


def test_a_missing_name_is_asked_for_once_with_appendix_b(make_case: Callable[..., Case]) -> None:
    case = make_case({"agency.legal_name": None, "models": ["TFM"]})
    (finding,) = check(case, subjects={"completeness"}).findings
    assert finding.code == "answer-missing"
    assert "the TFM agreement, p. 1 and 9 and 11; the letter of interest, p. 1" in finding.message


@pytest.mark.parametrize("model", ["JEM", "WSO"])
def test_an_empty_section_vii_blocks(make_case: Callable[..., Case], model: Model) -> None:
    case = with_text(make_case(), model, lambda w: w.entry.format == "title-and-agency", text="")
    (finding,) = check(case, subjects={"completeness"}).findings
    assert (finding.code, finding.severity, finding.where) == ("poc-vii-blank", "blocker", "signatory.title")
    assert f"the {model} agreement, p. 6" in finding.message


def test_an_optional_blank_may_be_empty(make_case: Callable[..., Case]) -> None:
    case = make_case()
    other = with_blanks(
        case,
        lambda w: (
            replace(w, text="", entry=replace(w.entry, optional=True)) if w.entry.path == "signatory.full_name" else w
        ),
        "TFM",
    )
    tfm_only = replace(other, plans={"TFM": other.plans["TFM"]})
    assert check(tfm_only, subjects={"completeness"}).ready


def test_a_form_without_known_pages_is_named_alone(found: Callable[..., list[Finding]]) -> None:
    tribal = {"models": ["TTFM"], "agency.kind": "tribal", "signatory.full_name": None}
    (finding,) = found("answer-missing", tribal)
    assert "Needed on the TTFM agreement; the letter of interest, p. 1." in finding.message
    assert (
        finding.source
        == "Memorandum of Agreement, Tribal Task Force Model; Letter of Interest, the agency’s own letter"
    )


SIZES = [
    # size, best size, clipped, code, severity
    (3.9, 9.0, True, "text-clipped", "blocker"),
    (9.0, 9.0, True, "text-clipped", "blocker"),
    (5.99, 9.0, False, "text-tiny", "blocker"),
    (5.0, 5.0, False, "text-tiny", "blocker"),
    (6.0, 9.0, False, "text-tiny", "warning"),
    (6.94, 7.9, False, "text-tiny", "warning"),
    (6.5, None, False, "text-tiny", "warning"),
    (6.5, 6.6, False, "text-tiny", "warning"),
    (6.0, 6.0, False, None, None),
    (6.5, 6.5, False, None, None),
    (6.5, 6.54, False, None, None),
    (7.0, 9.0, False, None, None),
    (6.97, 9.0, False, None, None),
    (None, None, False, None, None),
]


@pytest.mark.parametrize(("size", "best", "clipped", "code", "severity"), SIZES)
def test_sizes(
    make_case: Callable[..., Case],
    *,
    size: float | None,
    best: float | None,
    clipped: bool,
    code: str | None,
    severity: str | None,
) -> None:
    case = with_text(
        make_case(editions=OLD_TFM), "TFM", lambda w: w.entry.path == "agency.represents",
        size=size, best_size=best, clipped=clipped, wording="full",
    )  # fmt: skip
    findings = check(case, subjects={"fit"}).findings
    assert [(f.code, f.severity, f.where) for f in findings] == (
        [(code, severity, "agency.represents")] if code else []
    )
    for finding in findings:
        assert "The LEA represents" in finding.message
        assert "(the TFM agreement, p. 1)" in finding.message
        assert ". Choose a shorter wording for this blank." in finding.message.replace(")", "")
        if code == "text-tiny":
            assert f"at {size:.1f} pt" in finding.message
            assert (
                f"{'too small to be read' if severity == 'blocker' else 'hard to read'}. It should" in finding.message
            )
            assert "print at 7 pt or more." in finding.message


def test_a_part_that_stands_for_the_whole_is_told_unless_it_was_chosen(make_case: Callable[..., Case]) -> None:
    def address(written: Any) -> bool:
        return bool(written.entry.path == "agency.address.one_line")

    for wording, told in (("full", 0), ("short", 0), ("other", 2)):
        case = with_text(make_case(editions=OLD_TFM), "TFM", address, wording=wording, text="100 Main Street, Suite B")
        findings = check(case, subjects={"fit"}).findings
        assert [(f.code, f.severity, f.where) for f in findings] == [
            ("text-shortened", "warning", "agency.address.one_line")
        ] * told
        assert all("only “100 Main Street, Suite B” is printed there" in finding.message for finding in findings)
    # A name without its initials is whole.
    case = with_text(
        make_case(editions=OLD_TFM), "TFM", lambda w: w.entry.format == "name-with-initials", wording="other"
    )
    assert check(case, subjects={"fit"}).findings == ()


def test_every_blank_is_looked_at(make_case: Callable[..., Case]) -> None:
    case = with_text(make_case(), "WSO", lambda w: w.entry.path == "agency.legal_name", size=6.5, best_size=6.5)
    case = with_text(case, "WSO", lambda w: w.entry.path == "signatory.title", size=6.5, best_size=9.0)
    findings = check(case, subjects={"fit"}).findings
    # Section VII is composed of title and agency: its longest part is the one to shorten.
    assert {(f.code, f.where) for f in findings} == {
        ("text-tiny", "signatory.title"),
        ("text-tiny", "agency.legal_name"),
    }
    assert len(findings) == 2
    renamed = replace(case, answers=with_path(case.answers, "signatory.title", "Sheriff and Director of Corrections"))
    assert {f.where for f in check(renamed, subjects={"fit"}).findings} == {"signatory.title"}


def test_a_short_wording_that_is_still_too_long_is_shortened_further(make_case: Callable[..., Case]) -> None:
    case = with_text(make_case(), "WSO", lambda w: w.entry.path == "ice.opla_location", clipped=True, wording="short")
    (finding,) = check(case, subjects={"fit"}).findings
    assert finding.message.endswith("). Make the shorter wording even shorter.")


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u2028"])
def test_control_characters_that_nobody_sees_are_to_be_removed(make_case: Callable[..., Case], letter: str) -> None:
    case = make_case()
    hidden = replace(case, answers=with_path(case.answers, "signatory.full_name", f"Jordan{letter} Lee", any_text=True))
    (finding,) = check(hidden, subjects={"fit"}).findings
    assert (finding.code, finding.where) == ("letter-unwritable", "signatory.full_name")
    assert f"U+{ord(letter):04X}" in finding.message
    assert "Remove them" in finding.message
    assert "Latin" not in finding.message


def test_letters_that_no_font_has_block(make_case: Callable[..., Case]) -> None:
    case = make_case()
    named = replace(case, answers=with_path(case.answers, "nominees.0.full_name", "Ann 𓀀 Lee"))
    (finding,) = check(named, subjects={"fit"}).findings
    assert (finding.code, finding.severity, finding.where) == ("letter-unwritable", "blocker", "nominees.0.full_name")
    assert "printed in the documents: U+13000 egyptian hieroglyph a001. Write the text in Latin" in finding.message
    titled = replace(case, answers=with_path(case.answers, "signatory.title", "𓀀"))
    titled = with_text(titled, "WSO", lambda w: w.entry.path == "signatory.title", missing="𓀀", clipped=True)
    (finding,) = check(titled, subjects={"fit"}).findings
    assert (finding.code, finding.where) == ("letter-unwritable", "signatory.title")
    assert "in the blank “" in finding.message


def test_initials_are_defined_by_the_name_before_them(make_case: Callable[..., Case]) -> None:
    case = make_case(editions=OLD_TFM)
    assert check(case, subjects={"wording"}).findings == ()
    bare = with_text(case, "TFM", lambda w: "(ECSO)" in w.text, text="Example County Sheriff’s Office")
    (finding,) = check(bare, subjects={"wording"}).findings
    assert (finding.code, finding.severity, finding.where) == ("abbrev-undefined", "note", "agency.short_name")
    assert "(the TFM agreement, p. 1)" in finding.message


def test_initials_that_stand_nowhere_need_no_definition(found: Callable[..., list[Finding]]) -> None:
    assert found("abbrev-undefined", {"models": ["JEM"]}) == []
    assert found("abbrev-undefined", {"agency.short_name": None}, editions=OLD_TFM) == []
    same = {"agency.short_name": "Example County Sheriff’s Office"}
    assert found("abbrev-undefined", same, editions=OLD_TFM) == []


def test_an_older_edition_is_told(found: Callable[..., list[Finding]]) -> None:
    (finding,) = found("form-outdated", editions=OLD_TFM)
    assert (finding.where, finding.severity) == ("editions.TFM", "warning")
    assert "revision of 02/12/2025, and there is a newer one of 03/07/2025" in finding.message
    assert finding.source == "Memorandum of Agreement, 287(g) Task Force Model, rev. 03/07/2025"
    assert found("form-outdated") == []
    assert found("form-outdated", {"models": ["TTFM"]}) == []


def test_a_form_that_is_not_on_hand_is_told(make_case: Callable[..., Case]) -> None:
    case = make_case({"models": ["JEM", "TFM", "TTFM"], "agency.kind": "tribal"})
    away = replace(
        case,
        plans={
            model: plan if model == "JEM" else replace(plan, form=replace(plan.form, data=None))
            for model, plan in case.plans.items()
        },
    )
    known, unknown = check(away, subjects={"editions"}).findings
    assert known.code == unknown.code == "official-form-not-on-hand"
    assert known.severity == unknown.severity == "note"
    assert known.where == unknown.where == "models"
    assert "No blank TFM form has been added, so you get an entry sheet" in known.message
    assert "There is no blank TTFM form here" in unknown.message
    assert "Ask ICE for the form" in unknown.message
    assert "download it from ICE's 287(g) page" in known.message
    assert check(case, subjects={"editions"}).findings == ()


def test_the_design_example_is_ready(example_answers: Answers, official_forms: Any) -> None:
    from assistant.editions.form_plan import plan_blanks  # noqa: PLC0415 - opens PDFs, only this test needs it
    from assistant.editions.library import FormLibrary  # noqa: PLC0415 - opens PDFs, only this test needs it

    library = FormLibrary.from_directory(official_forms)
    plans = {model: plan_blanks(library.choose(model), example_answers) for model in example_answers.models}
    review = check(Case(answers=example_answers, today=date(2026, 2, 1), plans=plans))
    assert review.ready
    assert {f.code for f in review.findings if f.severity == "warning"} <= {"form-outdated"}
