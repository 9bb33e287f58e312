"""Finished agreements as files: filled, flattened, scanned; with a mistake and without; and files that are none."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.cli.main import run
from assistant.pdf.sandbox import run_in_sandbox
from assistant.reading import read_agreement, read_answers
from assistant.rules.agreement import check_document, file_of
from assistant.services.agreements.agreement_check import CHECK
from tests.finished import made
from tests.finished.made import Spec
from tests.finished.measure import OWN, TODAY, measure, table
from tests.finished.mistakes import mistakes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.finished.mistakes import Mistake

SAMPLE = 5
"""Every fifth mistake is looked at in every run, all of them in the long one."""
QUICK = ("moa-wso/2025-02-14", "moa-tfm/2025-02-12")


def with_typed_row(data: bytes, *, page: int, text: str) -> bytes:
    """Return a file with a text typed into the upper margin of a page."""
    layer, out = io.BytesIO(), io.BytesIO()
    canvas = Canvas(layer, pagesize=(612, 792), invariant=True)
    canvas.drawString(90, 750, text)
    canvas.save()
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(layer) as typed:
        pdf.pages[page - 1].add_overlay(typed.pages[0], None)
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def blanks(official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder of the blank forms, named by their editions."""
    folder = tmp_path_factory.mktemp("blanks")
    for name in made.EDITIONS:
        (folder / file_of(name)).write_bytes(made.blank(official_forms, name))
    return str(folder)


@pytest.mark.parametrize("name", made.EDITIONS)
@pytest.mark.parametrize("way", ["fields", "flat", pytest.param("scan", marks=pytest.mark.long)])
def test_a_clean_agreement_is_let_through(official_forms: Path, name: str, way: str) -> None:
    found = check_document(made.make(official_forms, name, Spec(), way), TODAY)
    assert found["ready"]
    assert {finding["code"] for finding in found["findings"]} <= OWN.get(name, frozenset())
    assert found["edition"] == name
    assert found["signed"] is True
    assert found["unseen"] == []
    assert [page["form_page"] for page in found["pages"]] == list(range(1, len(found["pages"]) + 1))


@pytest.mark.parametrize("name", ["moa-tfm/2025-02-14", "moa-tfm/2025-02-14.flat"])
def test_what_the_form_itself_prints_is_no_placeholder_that_somebody_left(official_forms: Path, name: str) -> None:
    def said(data: bytes) -> list[tuple[str, str]]:
        found = check_document(data, TODAY)
        assert found["edition"] == name
        return [(row["severity"], row["where"]) for row in found["findings"] if row["code"] == "placeholder-left"]

    assert said(made.make(official_forms, name, Spec(), "fields")) == [("warning", "p. 11")]
    # The form prints one such row: a second one on the same page is somebody's, and what blocks is said alone.
    twice = with_typed_row(made.make(official_forms, name, Spec(), "fields"), page=11, text="XXXXXXXXX")
    assert said(twice) == [("blocker", "p. 11")]


def test_a_clean_scan_is_let_through(official_forms: Path) -> None:
    test_a_clean_agreement_is_let_through(official_forms, "moa-wso/2025-02-14", "scan")


@pytest.mark.parametrize(("without", "code"), [("lea_title", "title-blank"), ("public", "pubinfo-blank"), ("", "")])
def test_of_pictures_alone_only_emptiness_is_told_and_nothing_blocks(
    official_forms: Path, without: str, code: str
) -> None:
    data = made.make(official_forms, "moa-wso/2025-02-14", Spec(without=(without,) if without else ()), "picture")
    found = check_document(data, TODAY)
    assert found["ready"] is None
    assert found["why_not_judged"]
    assert found["edition"] == "moa-wso/2025-02-14"
    assert found["signed"] is True
    # The date at the foot of the pages tells the revision, and a newer one is known.
    codes = {finding["code"] for finding in found["findings"]}
    assert codes == {"pages-unread", "form-outdated"} | ({code} if code else set())
    assert found["counts"]["blocker"] == 0


@pytest.mark.parametrize(
    "mistake",
    [pytest.param(m, marks=[pytest.mark.long] if n % SAMPLE else []) for n, m in enumerate(mistakes())],
    ids=lambda mistake: mistake.name,
)
def test_a_mistake_is_told_and_nothing_else(official_forms: Path, blanks: str, mistake: Mistake) -> None:
    name = next((n for n in QUICK if n in mistake.editions), mistake.editions[0])
    found = check_document(made.make(official_forms, name, mistake.spec, mistake.ways[0]), TODAY, blanks)
    codes = {finding["code"] for finding in found["findings"]}
    assert mistake.codes <= codes
    assert codes <= mistake.codes | mistake.also | OWN.get(name, frozenset())


@pytest.mark.long
def test_the_figures_hold(official_forms: Path) -> None:
    # A scan takes fifteen times as long as a file with text; `measure.py` scans every mistake on every edition.
    figures = measure(official_forms, one_scan_each=True)
    hit, missed, wrong = (sum(counter.values()) for counter in (figures.hit, figures.missed, figures.wrong))
    assert figures.blocked == 0, table(figures)
    assert hit / (hit + wrong) >= 0.97, table(figures)
    assert hit / (hit + missed) >= 0.93, table(figures)


def test_answers_come_back_out_of_a_filled_form(official_forms: Path) -> None:
    read = read_answers(made.make(official_forms, "moa-tfm/2025-02-12", Spec(), "fields"))
    assert read["edition"] == "moa-tfm/2025-02-12"
    answers = read["answers"]
    assert answers["format"] == "moa-application/1"
    assert answers["agency"]["legal_name"] == "Pine County Sheriff’s Office"
    assert answers["agency"]["address"] == {
        "street": "100 Main Street", "city": "Example City", "state": "GA", "zip": "30301",
    }  # fmt: skip
    assert answers["program_contact"] == {
        "full_name": "Sam Sample", "title": "Captain, Patrol", "phone": "(404) 555-0102",
        "email": "sam@pcso.example.gov",
    }  # fmt: skip
    values = {value["path"]: value for value in read["values"] if value["page"] == 9}
    assert values["signatory.title"]["text"] == "Sheriff"
    assert values["signatory.title"]["sureness"] == "sure"


def test_pages_in_another_order_are_read_all_the_same(official_forms: Path) -> None:
    def turned_round(pdf: pikepdf.Pdf, _: object) -> None:
        pdf.pages.reverse()

    data = made.make(official_forms, "moa-jem/2025-02-15", Spec(last=turned_round), "flat")
    document = read_agreement(data)
    assert document.missing == ()
    title = document.get("lea_title")
    assert title is not None
    assert (title.page, title.text) == (5, "Sheriff")


def other_paper() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    helvetica = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica))
    words = " ".join(f"cabbage soup needs {n} onions and patience" for n in range(3))
    lines = "".join(f"({words}) Tj 0 -20 Td " for _ in range(10))
    pdf.pages[0].Contents = pdf.make_stream(f"BT /F 10 Tf 72 700 Td {lines} ET".encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_another_paper_is_called_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "soup.pdf"
    file.write_bytes(other_paper())
    assert run(["document", "check", str(file), "--json", "--today", TODAY]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [finding["code"] for finding in found["findings"]] == ["not-an-moa"]
    assert found["ready"] is False
    assert found["counts"] == {"blocker": 1, "warning": 0, "note": 0}


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.7 nothing more")
    assert run(["document", "check", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


def test_the_command_prints_findings_and_leaves_with_0_where_nothing_blocks(
    official_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "signed.pdf"
    file.write_bytes(made.make(official_forms, "moa-wso/2025-02-14", Spec(without=("opla",)), "fields"))
    assert run(["document", "check", str(file), "--today", TODAY]) == 0
    printed = capsys.readouterr().out
    assert "opla-blank  p. 4, OPLA field location, section IV.H" in printed
    assert "0 blockers, 2 warnings, 0 notes." in printed


def test_a_review_runs_in_the_sandbox(official_forms: Path) -> None:
    data = made.make(official_forms, "moa-wso/2025-02-14", Spec(encrypted=True), "fields")
    found = run_in_sandbox(CHECK, data, TODAY)
    assert {finding["code"] for finding in found["findings"]} == {"encrypted", "form-outdated"}
