"""The cost sheet: its facts stand in the sources it names, its formulas count, and it makes no sum up."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from pypdf import PdfReader

from assistant.answers import MODELS, Answers, Nominee, dump
from assistant.cli.main import run
from assistant.documents.cost_sheet import cost_sheet, training_rows
from assistant.documents.cost_workbook import FIRST_ROW, cost_workbook
from assistant.program import stored
from assistant.program.costs import cost_items, reported_payments, training_time
from assistant.program.models import get_model
from assistant.roster.template import make_template
from tests.unit.formulas import value_of
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Model

TODAY = date(2026, 2, 1)


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def with_nominees(answers: Answers, **numbers: int) -> Answers:
    people = [Nominee(full_name=f"Officer {m} {n}", models=(m,)) for m in MODELS for n in range(numbers.get(m, 0))]
    return replace(answers, models=tuple(m for m in MODELS if m in numbers), nominees=tuple(people))


def test_every_fact_is_in_the_statement_that_it_cites() -> None:
    costs = stored.table("costs")
    for row in costs["training"]:
        time = training_time(row["model"])
        assert time
        assert row["words"] in time.text
        assert time.days * costs["hours_of_a_day"] >= time.hours > 0
    for model in MODELS:
        for item in cost_items(model):
            assert (item.citation is None) == (item.payer == "Not published")
        assert all(payment.citation for payment in reported_payments(model))
    assert training_time("TTFM") is None, "nothing is published of it"


@pytest.mark.parametrize("model", MODELS)
def test_who_pays_for_travel_is_as_the_agreement_says(model: Model) -> None:
    (travel,) = [item for item in cost_items(model) if item.label.startswith("Travel")]
    assert travel.payer == {"JEM": "ICE", "TFM": "ICE", "WSO": "Agency", "TTFM": "Not published"}[model]
    if travel.payer == "Agency":
        assert "travel, housing and per diem" in get_model(model).on("agency_pays")[0].text


def test_the_paper_names_no_nominee_and_no_sum_of_the_agency() -> None:
    answers = complete_answers()
    text = words_of(cost_sheet(answers, today=TODAY))
    assert all(nominee.full_name not in text for nominee in answers.nominees if nominee.full_name)
    assert "$________" in text
    assert "as of January 28, 2026" in text
    assert "no document" in text.casefold()


@pytest.mark.parametrize("seed", range(8))
def test_the_formulas_count_what_was_filled_in(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's choice
    numbers = {model: chance.randint(1, 40) for model in chance.sample(MODELS, chance.randint(1, 4))}
    answers = with_nominees(complete_answers(), **numbers)
    book = openpyxl.load_workbook(io.BytesIO(cost_workbook(answers, today=TODAY)))
    sheet, rows = book["Cost"], training_rows(answers)
    last = FIRST_ROW + len(rows)
    assert value_of(book, "Cost", f"H{last}") == "", "an empty sheet has no total"
    expected = []
    for line, row in enumerate(rows, FIRST_ROW):
        assert value_of(book, "Cost", f"H{line}") == ""
        days = row.days or 3
        sheet[f"C{line}"] = days
        pay, fill_in, travel = chance.randint(200, 500), chance.randint(0, 500), chance.randint(0, 900)
        sheet[f"E{line}"], sheet[f"F{line}"] = pay, fill_in
        if not row.ice_pays_travel:
            assert value_of(book, "Cost", f"H{line}") == "", "the travel is not filled in yet"
            sheet[f"G{line}"] = travel
        officers = numbers[row.model]
        assert value_of(book, "Cost", f"B{line}") == officers
        assert value_of(book, "Cost", f"D{line}") == officers * days
        expected.append(officers * days * (pay + fill_in) + (0 if row.ice_pays_travel else officers * travel))
        assert value_of(book, "Cost", f"H{line}") == expected[-1]
        assert (value_of(book, "Cost", f"H{last}") == "") == (len(expected) < len(rows)), "no part is the whole"
    assert value_of(book, "Cost", f"H{last}") == sum(expected)


def test_what_is_reported_counts_officers_and_is_taken_off_nothing() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(cost_workbook(with_nominees(complete_answers(), TFM=12, WSO=3), today=TODAY))
    )
    at_most = [value_of(book, "Reported payments", f"C{line}") for line in range(2, 6)]
    assert at_most == [None, None, 90_000, 100_000]
    wso = openpyxl.load_workbook(io.BytesIO(cost_workbook(with_nominees(complete_answers(), WSO=3), today=TODAY)))
    assert "Reported payments" not in wso.sheetnames


def test_a_blank_for_a_model_without_nominees() -> None:
    book = openpyxl.load_workbook(io.BytesIO(cost_workbook(with_nominees(complete_answers(), TTFM=0), today=TODAY)))
    assert book["Cost"][f"B{FIRST_ROW}"].value is None
    assert book["Cost"][f"C{FIRST_ROW}"].value is None


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2", "\x0b=bell & <Co>"])
def test_no_name_becomes_a_formula(name: str) -> None:
    answers = complete_answers()
    answers = replace(answers, agency=replace(answers.agency, legal_name=name))
    book = openpyxl.load_workbook(io.BytesIO(cost_workbook(answers, today=TODAY)))
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(str(cell.value).startswith("=IF(COUNT(") for cell in formulas)


def test_the_same_day_gives_the_same_bytes() -> None:
    answers = complete_answers()
    assert cost_workbook(answers, today=TODAY) == cost_workbook(answers, today=TODAY)
    assert cost_sheet(answers, today=TODAY) == cost_sheet(answers, today=TODAY)


def test_the_command_writes_what_the_ending_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "answers.json"
    file.write_text(dump(complete_answers()), "utf-8")
    for ending, start in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("html", b"<!doctype html>")):
        out = tmp_path / f"cost.{ending}"
        assert run(["application", "cost", str(file), "--out", str(out)]) == 0
        assert out.read_bytes().startswith(start)
    capsys.readouterr()
    for out, told in ((tmp_path / "cost.docx", ".xlsx, .pdf or .html"), (file, "Name another file")):
        assert run(["application", "cost", str(file), "--out", str(out)]) == 2
        assert told in capsys.readouterr().err
    assert not (tmp_path / "cost.docx").exists()
    file.write_text(dump(replace(complete_answers(), models=())), "utf-8")
    assert run(["application", "cost", str(file), "--out", str(tmp_path / "none.pdf")]) == 2
    assert not (tmp_path / "none.pdf").exists()


@pytest.mark.parametrize("name", ["cost", "roster template"])
def test_each_row_is_as_high_as_its_longest_cell(ready: Answers, name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(cost_workbook(ready, today=TODAY) if name == "cost" else make_template()))
    looked_at = 0
    for sheet in book.worksheets:
        merged = {cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row}
        for line, row in enumerate(sheet.iter_rows(), 1):
            for place, cell in enumerate(row, 1):
                text = cell.value
                if (line, place) in merged or not isinstance(text, str) or text.startswith("="):
                    continue
                if cell.alignment.wrap_text:
                    looked_at += 1
                    height = sheet.row_dimensions[line].height or 15
                    assert len(text) <= sheet.column_dimensions[get_column_letter(place)].width * (height // 15), text
    assert looked_at > 25
