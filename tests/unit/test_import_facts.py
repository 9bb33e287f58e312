"""Newer files of facts are taken row by row, are in force at once everywhere, and keep what stood before."""

from __future__ import annotations

import ast
import csv
import io
import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Agency, Answers, Ice
from assistant.cli.main import run
from assistant.cli.program.facts import facts_command
from assistant.documents.letter import letter_of_interest
from assistant.documents.signing_ahead import compose_ahead
from assistant.documents.signing_instructions import compose_instructions
from assistant.errors import InputError
from assistant.program import (
    field_office_for,
    field_offices,
    glossary,
    models,
    opla_for,
    program_contact,
    recipient_address,
    state_laws,
    stored,
)
from assistant.program.costs import cost_items, reported_payments, training_time
from assistant.program.fact_files import files_in_force, read_fact_file
from assistant.program.fact_history import import_history
from assistant.program.fact_register import all_facts, check_words_of, facts_no_longer_in_force, versions_of
from assistant.program.imported_facts import facts_dir, imports_sha256, unreadable_imports
from assistant.program.printed_counts import printed_counts
from assistant.rules import check
from assistant.rules.registry import Case
from assistant.services.installation.import_facts import import_facts
from assistant.text import describe_check

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.services.installation.import_facts import ImportResultDocument

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
PACKAGE = Path(__file__).resolve().parents[2] / "assistant"
FACTS = {
    "all_facts", "cost_items", "field_office_for", "field_offices", "get_model", "glossary", "models", "opla_for",
    "opla_locations", "printed_counts", "program_contact", "recipient_address", "reported_payments", "state_laws",
    "training_time",
}  # fmt: skip
"""Functions that return facts in force, imported ones among them."""


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "instance"
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(folder))
    return folder


def write(folder: Path, name: str, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Write one of the files in force into a folder, changed."""
    rows = list(csv.DictReader(io.StringIO(files_in_force()[name].decode("utf-8-sig"))))
    columns = list(rows[0])
    rows = change(rows) or rows  # type: ignore[assignment]  # a change returns other rows, or edits these
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(out.getvalue(), "utf-8")


def take(tmp_path: Path, name: str, change: Callable[[list[dict[str, str]]], object]) -> ImportResultDocument:
    folder = tmp_path / f"new-{len(list(tmp_path.iterdir()))}"
    write(folder, name, change)
    return import_facts(folder, now=NOW, today=TODAY)


def amend(fact: str, text: str, day: str = "2026-11-29") -> Callable[[list[dict[str, str]]], object]:
    row = {"fact": fact, "text": text, "source": "ICE's program page, read again", "checked_on": day}
    return lambda _rows: [row]


def new_law(rows: list[dict[str, str]]) -> None:
    (row,) = [row for row in rows if row["state"] == "NY"]
    row.update(effect="mandate", summary="A made-up change.", as_of="2026-11-29", source="made-up source")


def test_what_is_in_force_is_written_and_brings_nothing_new(tmp_path: Path) -> None:
    for name, data in files_in_force().items():
        (tmp_path / name).write_bytes(data)
    result = import_facts(tmp_path, now=NOW, today=TODAY)
    assert result["imported"] is None
    assert [(row["is_taken"], row["changed"], row["problems"]) for row in result["files"]] == [(True, 0, [])] * 4
    assert not facts_dir().exists(), "nothing is written where nothing is new"


def test_the_shared_files_change_no_law_and_no_county(shared: Path, tmp_path: Path) -> None:
    laws, counties = stored.rows("state_laws"), stored.rows("field_office_counties")
    for file in (shared / "data").iterdir():
        shutil.copy(file, tmp_path)
    result = import_facts(tmp_path, now=NOW, today=TODAY)
    assert all(row["is_taken"] for row in result["files"]), result
    assert result["ignored"] == ["fill-values.json"]
    assert (stored.rows("state_laws"), stored.rows("field_office_counties")) == (laws, counties)
    assert opla_for("VA").choices == ("Washington, D.C. (Annandale)", "Washington, D.C. (Sterling)")
    assert "github.com/deportationdata" in field_office_for("VA").source


def test_a_law_reaches_rule_page_and_register_with_what_stood_before(tmp_path: Path) -> None:
    (before,) = state_laws("NY")
    result = take(tmp_path, "state_laws.csv", new_law)
    (row,) = result["files"]
    assert (result["imported"], row["changed"], row["unchanged"]) == (1, 1, len(stored.rows("state_laws")) - 1)
    (law,) = state_laws("New York")
    assert (law.leaning, law.as_of) == ("requires", "2026-11-29")
    case = Case(answers=Answers(agency=Agency(state="NY")), today=TODAY)
    (finding,) = check(case, codes={"state-law"}).findings
    assert finding.message.startswith("State law may require")
    assert describe_check(finding.to_document()["check_words"]) == "Last checked November 29, 2026."
    (fact,) = [fact for fact in all_facts() if fact.what.startswith("New York: N.Y.")]
    document = fact.to_document(TODAY)
    assert (document["age_days"], document["file"], document["since"]) == (2, "state_laws.csv", NOW.isoformat())
    (earlier,) = document["before"]
    assert before.summary in earlier["text"]
    assert (earlier["check_words"], earlier["since"], earlier["file"]) == (before.as_of, None, None)
    assert earlier["until"] == NOW.isoformat()


def test_a_second_import_stands_over_the_first_and_the_history_has_both(tmp_path: Path) -> None:
    take(tmp_path, "state_laws.csv", new_law)
    take(tmp_path, "state_laws.csv", lambda rows: [row for row in rows if row["state"] != "NY"])
    assert state_laws("NY") == ()
    assert [one.number for one in import_history()] == [2, 1]
    assert [change.kind for change in import_history()[0].changes] == ["removed"]
    (ended,) = facts_no_longer_in_force()
    assert ended.fact.text.startswith("mandate. A made-up change.")
    assert ended.file == "state_laws.csv"
    case = Case(answers=Answers(agency=Agency(state="NY")), today=TODAY)
    assert check(case, codes={"state-law-not-examined"}).findings


def test_a_field_office_moves_for_proposals_choices_and_rules(tmp_path: Path) -> None:
    assert field_office_for("OH").office == "Detroit"

    def move(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        for row in rows:
            if row["state"] == "OH":
                row.update(field_office="Cleveland", source="AOR: ICE's list | OPLA: its list")
                row["field_office_checked_on"] = "2026-11-28"
        return rows

    assert take(tmp_path, "field_offices.csv", move)["imported"] == 1
    assert field_office_for("OH").office == "Cleveland"
    assert "Cleveland" in field_offices()
    answers = Answers(agency=Agency(state="OH"), ice=Ice(field_office="Detroit"))
    (finding,) = check(Case(answers=answers, today=TODAY), codes={"field-office-differs"}).findings
    assert "Cleveland" in finding.message
    assert (finding.source, finding.last_check) == ("ICE's list", "2026-11-28")


def test_the_counties_must_fit_the_offices(tmp_path: Path) -> None:
    def rename(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["field_office"] == "Buffalo":
                row["field_office"] = "Albany"

    result = take(tmp_path, "field_offices.csv", rename)
    (row,) = result["files"]
    assert (result["imported"], row["is_taken"]) == (None, False)
    assert "Import field_offices.csv and the file of counties together." in row["problems"][0]["message"]
    folder = tmp_path / "together"
    write(folder, "field_offices.csv", rename)
    write(folder, "field_office_counties.csv", rename)
    assert import_facts(folder, now=NOW, today=TODAY)["imported"] == 1
    assert field_office_for("NY", "Erie County").office == "Albany"
    (fact,) = [fact for fact in all_facts() if fact.id == "counties.NY.Albany"]
    assert "Erie" in fact.text


def test_the_address_of_the_program_reaches_the_letter(tmp_path: Path) -> None:
    take(tmp_path, "program_facts.csv", amend("contact.recipient", "new-287g@ice.example.gov"))
    assert recipient_address() == "new-287g@ice.example.gov"
    letter = letter_of_interest(Answers(), today=TODAY, draft=True)
    paper = subprocess.run(["pdftotext", "-", "-"], input=letter, check=True, capture_output=True).stdout.decode()
    assert "new-287g@ice.example.gov" in paper
    assert "ERO287g" not in paper


def test_papers_of_a_running_program_have_the_address_too(tmp_path: Path) -> None:
    take(tmp_path, "program_facts.csv", amend("contact.recipient", "new-287g@ice.example.gov"))
    for paper in (
        compose_instructions(Answers(), [], today=TODAY, draft=True),
        compose_ahead(["TFM"], [], today=TODAY),
    ):
        words = repr(paper)
        assert "new-287g@ice.example.gov" in words
        assert "ERO287g" not in words


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_asks_for_a_fact_while_it_is_imported(path: Path) -> None:
    """What is read then would stand until the program starts again, beside papers that have the newer fact."""
    waiting: list[ast.AST] = [ast.parse(path.read_bytes())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            assert (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) not in FACTS, node.lineno
        inner = ast.iter_child_nodes(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = iter([*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)])
        waiting += inner


def test_single_facts_reach_what_is_computed_from_them(tmp_path: Path) -> None:
    take(tmp_path, "program_facts.csv", amend("TFM.training.2", "Reported as 48 hours online."))
    time = training_time("TFM")
    assert time is not None
    assert (time.hours, time.days, time.citation.source.checked_on) == (48, 6, date(2026, 11, 29))
    take(tmp_path, "program_facts.csv", amend("payment.TFM.3", "Equipment: up to $8,000 for an officer."))
    assert reported_payments("TFM")[2].dollars == 8000
    take(tmp_path, "program_facts.csv", amend("count.agreements", "1,500"))
    assert next(row.page for row in printed_counts().rows if row.what == "agreements") == 1500
    assert printed_counts().as_of == date(2026, 11, 29)
    take(tmp_path, "program_facts.csv", amend("term.Zeta", "A made-up word."))
    assert glossary()[-1].meaning == "A made-up word."
    assert training_time("TFM") == time, "a file of single facts leaves the others as they are"
    assert [item.label for item in cost_items("TFM")]
    assert program_contact().answer_time.startswith("ICE says")
    assert models()[1].on("training")[1].text == "Reported as 48 hours online."
    assert {len(versions_of(fact)) for fact in all_facts()} == {1, 2}


@pytest.mark.parametrize(
    ("name", "change", "column", "words"),
    [
        ("state_laws.csv", {"state": "Atlantis"}, "state", "no such state"),
        ("state_laws.csv", {"as_of": "soon"}, "as_of", "when this was last checked"),
        ("state_laws.csv", {"as_of": "2027-01-01"}, "as_of", "cannot be later"),
        ("state_laws.csv", {"confidence": "sure"}, "confidence", "high, medium or low"),
        ("state_laws.csv", {"source": ""}, "source", "is empty"),
        ("state_laws.csv", {"summary": "x" * 4001}, "", "longer than 4,000"),
        ("field_offices.csv", {"opla_address": "no street"}, "opla_address", "whole address"),
        ("field_offices.csv", {"field_office_checked_on": "12/01/2026"}, "field_office_checked_on", "2026-05-21"),
        ("field_offices.csv", {"opla_confidence": "quite"}, "confidence", "high, medium or low"),
        ("field_office_counties.csv", {"county": "Gotham"}, "county", "no county"),
        ("field_office_counties.csv", {"field_office": ""}, "field_office", "is empty"),
        ("program_facts.csv", {"fact": "TFM.weather.1"}, "fact", "no fact with this id"),
        ("program_facts.csv", {"text": "x", "checked_on": "2026-12-02"}, "checked_on", "not a later one"),
    ],
)
def test_a_bad_row_is_named_and_nothing_of_its_file_is_taken(
    tmp_path: Path, name: str, change: dict[str, str], column: str, words: str
) -> None:
    def spoil(rows: list[dict[str, str]]) -> None:
        new_law(rows) if name == "state_laws.csv" else None
        rows[2].update(change)

    facts = all_facts()
    result = take(tmp_path, name, spoil)
    (row,) = result["files"]
    (problem,) = row["problems"]
    assert (result["imported"], row["is_taken"]) == (None, False)
    assert (problem["line"], problem["column"]) == (4, column)
    assert words in problem["message"]
    assert all_facts() == facts


@pytest.mark.parametrize(
    ("fact", "text", "words"),
    [
        ("contact.recipient", "ask ICE", "one e-mail address"),
        ("contact.headquarters", "500 12th St SW", "lines of the address"),
        ("count.agreements", "many", "whole number"),
        ("TFM.training.2", "A long time.", "40 hours"),
        ("payment.TFM.3", "Some money.", "$7,500"),
        ("hours.TFM", "12 hours", "follows from"),
    ],
)
def test_a_text_that_nothing_can_use_is_refused(tmp_path: Path, fact: str, text: str, words: str) -> None:
    (row,) = take(tmp_path, "program_facts.csv", amend(fact, text))["files"]
    assert words in row["problems"][0]["message"]


def test_a_quote_that_is_never_closed_is_named_with_its_line() -> None:
    """Such a cell reaches to the end of the file, beyond what the reader of CSV takes."""
    text = 'state,county,field_office\nTX,Bell,San Antonio\nTX,"Bexar,San Antonio\n' + "x,y,z\n" * 30_000
    file = read_fact_file("field_office_counties.csv", text.encode(), today=TODAY)
    assert file is not None
    assert [(one.line, one.column) for one in file.problems] == [(3, "")]
    assert "quote is not closed" in file.problems[0].message
    assert read_fact_file("a list of something else.csv", text.replace("county", "city").encode(), today=TODAY) is None


def test_lines_are_those_of_the_file_where_a_cell_has_several() -> None:
    head = "state,effect,authority,summary,source,as_of,confidence\n"
    rows = 'NY,prohibit,A,"two\nlines",S,2026,high\n\nXX,prohibit,B,b,S,2026,high\nNY,prohibit,C,c,S,2026\n'
    found = read_fact_file("laws of this year.csv", (head + rows).encode("cp1252"), today=TODAY)
    assert found is not None
    assert [(one.line, one.column) for one in found.problems] == [(5, "state"), (6, "")]
    assert found.rows[0]["summary"] == "two lines"


def test_the_same_law_twice_and_two_files_of_one_kind_are_refused(tmp_path: Path) -> None:
    (row,) = take(tmp_path, "state_laws.csv", lambda rows: [*rows, rows[0]])["files"]
    assert row["problems"][0]["message"] == "This is the same fact as in line 2. Keep one of them."
    folder = tmp_path / "two"
    write(folder, "field_office_counties.csv", lambda rows: rows[:-1])
    shutil.copy(folder / "field_office_counties.csv", folder / "field_offices_split_counties.csv")
    results = import_facts(folder, now=NOW, today=TODAY)["files"]
    assert [row["is_taken"] for row in results] == [False, False]


def test_a_state_without_an_office_is_refused(tmp_path: Path) -> None:
    (row,) = take(tmp_path, "field_offices.csv", lambda rows: [one for one in rows if one["state"] != "OH"])["files"]
    assert row["problems"] == [{"line": 0, "column": "state", "message": "There is no row for Ohio. Add one."}]


def test_an_older_file_is_said_to_be_older(tmp_path: Path) -> None:
    def older(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row["as_of"] = "2025"

    (row,) = take(tmp_path, "state_laws.csv", older)["files"]
    assert row["notices"][0].startswith("This file is older than the one in force")


def test_a_folder_without_facts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("Name,Rank\nAlex Lee,Deputy\n", "utf-8")
    with pytest.raises(InputError, match="no file of facts"):
        import_facts(tmp_path, now=NOW, today=TODAY)


def test_a_file_that_is_no_import_stops_nobody(tmp_path: Path, instance: Path) -> None:
    take(tmp_path, "state_laws.csv", new_law)
    (instance / "facts" / "0002.json").write_text("{", "utf-8")
    assert unreadable_imports() == ["0002.json"]
    assert state_laws("NY")[0].as_of == "2026-11-29"
    result = CliRunner().invoke(facts_command, ["--json"])
    assert "facts/0002.json" in result.stderr
    assert take(tmp_path, "state_laws.csv", lambda rows: rows[:-1])["imported"] == 3


def test_the_command_ends_with_1_where_a_file_is_left_out_and_2_where_all_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"
    write(folder, "state_laws.csv", new_law)
    write(folder, "field_office_counties.csv", lambda rows: rows[0].update(county="Gotham"))
    assert run(["program", "facts", "import", str(folder), "--json"]) == 1
    out, err = capsys.readouterr()
    assert {row["file"]: row["is_taken"] for row in json.loads(out)["files"]} == {
        "state_laws.csv": True, "field_office_counties.csv": False,
    }  # fmt: skip
    assert "field_office_counties.csv, line 2, column county: New York has no county with this name." in err
    (folder / "state_laws.csv").unlink()
    assert run(["program", "facts", "import", str(folder), "--json"]) == 2
    assert capsys.readouterr().out == ""
    assert run(["program", "facts", "history"]) == 0
    assert "changed  State law  New York" in capsys.readouterr().out
    assert run(["program", "facts", "export", str(tmp_path / "out")]) == 0
    assert run(["program", "facts", "export", str(tmp_path / "out")]) == 2


def test_facts_of_another_instance_are_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take(tmp_path, "state_laws.csv", new_law)
    assert state_laws("NY")[0].as_of == "2026-11-29"
    assert imports_sha256()
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "elsewhere"))
    assert state_laws("NY")[0].as_of == "2026-05-21"
    assert imports_sha256() is None


def test_a_finding_names_the_day_of_the_oldest_document_it_rests_on() -> None:
    assert check_words_of("ICE's 287(g) program page, as updated 01/28/2026, How; TFM MOA rev. 03/07/2025, IX") == (
        "2026-01-28"
    )
    assert check_words_of("Collection of state laws (this project)") == ""
    assert (describe_check("2025-26"), describe_check("")) == ("Last checked 2025-26.", "")


@given(st.text(max_size=300))
def test_no_text_stops_the_reader(text: str) -> None:
    found = read_fact_file("state_laws.csv", text.encode("utf-8", "surrogatepass"), today=TODAY)
    assert found is not None
    assert found.problems
