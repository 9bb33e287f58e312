"""How the boxes of a page are read: as people write, refusing only what cannot be read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assistant.answers import Answers, get_path, with_path
from assistant.web.kit.fields import month_number
from assistant.web.kit.page_forms import AgencyForm, ApprovalsForm, SignatoryForm
from assistant.web.nominees.nominee_forms import CriteriaForm
from assistant.web.wizard.steps import STEPS

DATE = "approvals-governing_body_approved_on"


def approvals(month: str, day: str, year: str) -> ApprovalsForm:
    return ApprovalsForm(MultiDict({DATE: "", f"{DATE}-month": month, f"{DATE}-day": day, f"{DATE}-year": year}))


@pytest.mark.parametrize("month", ["1", "01", "Jan", "jan.", "January", " JANUARY ", "janu"])
def test_a_month_is_a_number_or_a_name(month: str) -> None:
    page_form = approvals(month, "5", "2026")
    assert page_form.validate()
    assert page_form.entries()["approvals.governing_body_approved_on"] == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("month", "day", "year", "wrong"),
    [
        ("Febtember", "5", "2026", "month"), ("ju", "5", "2026", "month"), ("13", "5", "2026", "month"),
        ("2", "30", "2026", "day"), ("2", "x", "2026", "day"), ("2", "0", "2026", "day"), ("2", "5", "26", "year"),
        ("2", "5", "20260", "year"), ("2", "5", "1899", "year"), ("", "5", "2026", "month"), ("2", "", "2026", "day"),
        ("2", "5", "", "year"), ("٢", "5", "2026", "month"),
    ],
)  # fmt: skip
def test_a_date_that_does_not_exist_is_refused_at_its_box(month: str, day: str, year: str, wrong: str) -> None:
    page_form = approvals(month, day, year)
    assert not page_form.validate()
    field = page_form.governing_body_approved_on
    assert wrong in field.wrong_parts
    assert field.part_texts == {"month": month, "day": day, "year": year}
    assert field.data is None


def test_an_empty_date_is_no_answer() -> None:
    page_form = approvals("", " ", "")
    assert page_form.validate()
    assert page_form.entries()["approvals.governing_body_approved_on"] is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)), st.booleans())
def test_every_date_is_read_as_it_is_shown(day: date, as_name: bool) -> None:  # noqa: FBT001
    answers = with_path(Answers(), "approvals.counsel_reviewed_on", day)
    shown = ApprovalsForm.of(answers).counsel_reviewed_on.part_texts
    typed = shown | ({"month": f"{day:%B}"} if as_name else {})
    page_form = ApprovalsForm(
        MultiDict({f"approvals-counsel_reviewed_on-{part}": text for part, text in typed.items()})
    )
    assert page_form.validate()
    assert page_form.apply_to(Answers()).approvals.counsel_reviewed_on == day


@given(st.text(max_size=12))
def test_no_month_throws(text: str) -> None:
    found = month_number(text)
    assert found is None or 1 <= found <= 12


@given(st.dictionaries(st.sampled_from(SignatoryForm.names()), st.text(max_size=300)))
def test_no_text_throws_and_what_passes_can_be_kept(typed: dict[str, str]) -> None:
    page_form = SignatoryForm(MultiDict({f"signatory-{name}": text for name, text in typed.items()}))
    if page_form.validate():
        page_form.apply_to(Answers())


@pytest.mark.parametrize(
    "name", ["Jordan Núñez", "Sam O’Brien", "Sam O'Brien", "Anne-Marie", "X", "N" * 128, "ʻŌiwi", "Nguyễn"]
)
def test_names_are_kept_to_the_letter(name: str) -> None:
    page_form = SignatoryForm(MultiDict({"signatory-full_name": f"  {name} "}))
    assert page_form.validate()
    assert page_form.apply_to(Answers()).signatory.full_name == name


@pytest.mark.parametrize("text", ["N" * 129, "a\x07b", "a\nb", "123-45-6789", "so 123-45-6789.", "a\x9fb"])
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    page_form = SignatoryForm(MultiDict({"signatory-full_name": text}))
    assert not page_form.validate()


def test_mail_pasted_with_spaces_passes_and_phones_stay_as_typed() -> None:
    page_form = SignatoryForm(
        MultiDict({"signatory-email": " sheriff@ecso .example.gov\t", "signatory-phone": "727.555.0101 x5"})
    )
    assert page_form.validate()
    signatory = page_form.apply_to(Answers()).signatory
    assert signatory.email == "sheriff@ecso.example.gov"
    assert signatory.phone == "727.555.0101 x5"


@pytest.mark.parametrize(("typed", "kept"), [("yes", True), ("no", False), ("", None), (None, None)])
def test_a_question_may_stay_open(typed: str | None, kept: bool | None) -> None:  # noqa: FBT001
    page_form = SignatoryForm(MultiDict({} if typed is None else {"signatory-chief_officer": typed}))
    assert page_form.validate()
    assert page_form.apply_to(Answers()).signatory.chief_officer is kept


def test_what_was_not_offered_is_refused() -> None:
    assert not AgencyForm(MultiDict({"agency-kind": "kingdom"})).validate()
    assert not AgencyForm(MultiDict({"agency-state": "Narnia"})).validate()


@pytest.mark.parametrize(("typed", "kept"), [("4", 4), ("4.5", 4.5), ("", None), ("0", 0)])
def test_years_are_a_number(typed: str, kept: float | None) -> None:
    page_form = CriteriaForm(MultiDict({"criteria-law_enforcement_years": typed}))
    assert page_form.validate()
    assert page_form["law_enforcement_years"].data == kept


@pytest.mark.parametrize("typed", ["four", "-1", "100", "1e5", "4,5"])
def test_years_that_are_no_number_stay_in_the_box(typed: str) -> None:
    page_form = CriteriaForm(MultiDict({"criteria-law_enforcement_years": typed}))
    assert not page_form.validate()
    assert page_form.law_enforcement_years._value() == typed


def test_every_question_fills_an_answer_and_no_answer_is_asked_twice() -> None:
    asked = [path for step in STEPS if step.page_form for path in step.page_form.paths()]
    assert len(asked) == len(set(asked))
    for path in asked:
        get_path(Answers(), path)
