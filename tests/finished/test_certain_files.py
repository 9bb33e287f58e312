"""Files of which little can be read, from pictures to pages without their form: nothing blocks, nothing is ready."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.cli.main import run
from assistant.pdf.viewer.loose_widgets import read_loose_widgets
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading import read_answers
from assistant.reading.tokens import SHIFT
from assistant.rules.agreement import check_document
from tests.finished import made
from tests.finished.made import Spec
from tests.finished.measure import TODAY
from tests.finished.real_kinds import format_table, measure_real_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIELDS = "moa-tfm/2025-02-12"
PROSE = (
    "This agreement is made between the agency and the county, and sets forth the terms and conditions",
    "under which the officers of the agency perform certain functions. The purpose of the agreement is to",
    "enhance public safety, and nothing in it limits the authority of either party under the law.",
)


def codes(found: Mapping[str, Any]) -> dict[str, str]:
    return {finding["code"]: finding["severity"] for finding in found["findings"]}


def with_typed_words(data: bytes, *lines: str) -> bytes:
    """Return a file with lines typed over its first page, as ICE types its side over a scan."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for n, text in enumerate(lines):
        canvas.drawString(90, 628 - 14 * n, text)
    canvas.save()
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(out) as typed:
        pdf.pages[0].add_overlay(typed.pages[0], None)
        kept = io.BytesIO()
        pdf.save(kept)
    return kept.getvalue()


def pages_of(*texts: str, shift: int = 0, count: int = 1) -> bytes:
    """Return pages of text, every letter's code moved by ``shift``, as where a font does not say what it draws."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for _ in range(count):
        for n, text in enumerate(texts):
            moved = " ".join("".join(chr(max(ord(c) + shift, 33)) for c in word) for word in text.split())
            canvas.drawString(72, 700 - 16 * n, moved)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def without_form(data: bytes, *, turn: int = 0) -> bytes:
    """Return a file whose pages were copied into a new one, turned by degrees, and its form was not."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(data)).pages:
        writer.add_page(page).rotate(turn)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def picture(official_forms: Path) -> bytes:
    """Return a clean agreement as pictures alone."""
    return made.make(official_forms, "moa-wso/2025-02-14", Spec(), "picture")


def test_a_dozen_words_typed_over_pictures_do_not_make_another_paper(picture: bytes) -> None:
    typed = with_typed_words(
        picture,
        "Pine County Sheriff’s Office, Georgia",
        "Pine County Sheriff’s Office, Georgia",
        "Atlanta Field Office",
    )
    found = check_document(typed, TODAY)
    assert not {"not-an-moa", "pages-missing"} & codes(found).keys()
    assert found["ready"] is None
    assert found["edition"] == "moa-wso/2025-02-14"
    # Its pages lie on the form's as pictures, so that it is one for sure, whatever was typed over them.
    assert "not-an-moa" not in {row["code"] for row in found["unchecked"]}


@pytest.mark.parametrize("pages", [2, pytest.param(10, marks=pytest.mark.long)])
def test_words_typed_over_pictures_of_another_paper_leave_it_open(pages: int) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for _ in range(pages):
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 612, 792)
        canvas.drawString(72, 700, "three pots of cabbage soup need two onions and some patience of the cook")
        canvas.showPage()
    canvas.save()
    found = check_document(out.getvalue(), TODAY)
    assert (found["ready"], codes(found).get("not-an-moa")) == (None, None)
    assert "not-an-moa" in {row["code"] for row in found["unchecked"]}
    assert found["party"] is None


@pytest.mark.parametrize("count", [1, pytest.param(6, marks=pytest.mark.long)])
def test_letters_that_nobody_can_tell_are_no_other_paper(count: int) -> None:
    found = check_document(pages_of(*PROSE, *PROSE, shift=11, count=count), TODAY)
    assert codes(found) == {"pages-unread": "note"}
    assert found["ready"] is None
    plain = check_document(pages_of(*PROSE, *PROSE, count=count), TODAY)
    assert codes(plain) == {"not-an-moa": "blocker"}
    assert plain["ready"] is False
    # Such letters can be told after all where their codes are all too low by the same number.
    assert codes(check_document(pages_of(*PROSE, *PROSE, shift=-SHIFT, count=count), TODAY)) == codes(plain)


def test_one_page_that_cannot_be_read_among_many_that_can_leaves_no_doubt() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages_of(*PROSE, *PROSE, count=6))) as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    assert codes(check_document(out.getvalue(), TODAY))["not-an-moa"] == "blocker"


def test_what_is_not_judged_ends_with_1_and_says_so(
    picture: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "picture.pdf"
    file.write_bytes(picture)
    assert run(["document", "check", str(file), "--json", "--today", TODAY]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ready"] is None
    assert found["counts"]["blocker"] == 0
    assert any("signature" in place for place in found["unseen"] + [found["why_not_judged"]])
    assert run(["document", "check", str(file), "--today", TODAY]) == 1
    assert "Could not be judged. This program could not read what it needs to decide: " in capsys.readouterr().out


@pytest.fixture(scope="module")
def loose(official_forms: Path) -> bytes:
    return without_form(made.make(official_forms, FIELDS, Spec(), "fields"))


def test_pages_without_their_form_are_one_finding_and_no_blank_is_called_empty(loose: bytes) -> None:
    found = check_document(loose, TODAY)
    assert [(f["code"], f["severity"], f["where"]) for f in found["findings"]] == [
        ("text-hidden", "warning", "the document")
    ]
    assert "p. 1, 7, 9 to 11, 14" in found["findings"][0]["message"]
    assert found["ready"] is None
    read = read_answers(loose)
    assert read["remark"] == found["findings"][0]["message"]
    values = read["values"]
    assert values
    assert {value["sureness"] for value in values} == {"unreadable"}


@pytest.mark.parametrize("way", ["fields", "flat"])
def test_pages_with_their_form_or_with_none_to_lose_are_read_as_ever(official_forms: Path, way: str) -> None:
    data = made.make(official_forms, FIELDS, Spec(), way)
    if way == "flat":
        data = without_form(data)
    found = check_document(data, TODAY)
    assert "text-hidden" not in codes(found)
    assert found["ready"] is True
    assert read_answers(data)["remark"] == ""


def test_empty_fields_without_their_form_hide_nothing(official_forms: Path) -> None:
    data = without_form((official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes())
    found = check_document(data, TODAY)
    assert "text-hidden" not in codes(found)
    assert "blocker" not in codes(found).values()


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_the_widgets_of_a_turned_page_are_where_its_text_is(official_forms: Path, turn: int) -> None:
    filled = made.make(official_forms, FIELDS, Spec(signed=False, dated=None), "fields")
    data = without_form(filled, turn=turn)
    with ViewedPdf(data) as seen:
        widgets = read_loose_widgets(data, [seen.page(1)])[1]
        after = next(word for word in seen.page(1).words if word.text.strip("_,").startswith("pursuant"))
    assert any(w.filled and abs(w.rect[1] - after.base) < 6 and abs(w.rect[2] - after.x0) < 12 for w in widgets)


LABELS = """file,rule,verdict,evidence
review/a.pdf,date-blank,fail,p2: empty
review/a.pdf,title-blank,pass,p1
review/a.pdf,not-an-moa,pass,all of it
review/b.pdf,opla-blank,fail,p1
"""
PAGES = """file,page,form_page,kind,remark
review/a.pdf,1,1,text,
review/a.pdf,2,2,picture,
review/a.pdf,3,3,text,
review/b.pdf,1,1,recognised,
"""


def test_labels_are_counted_by_rule_and_by_kind_of_page(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    for name in ("a", "b"):
        (tmp_path / "review" / f"{name}.pdf").write_bytes(name.encode())
    (tmp_path / "labels.csv").write_text(LABELS)
    (tmp_path / "pages.csv").write_text(PAGES)

    def check(data: bytes, *_: str) -> dict[str, Any]:
        raised = [("date-blank", "blocker"), ("title-blank", "blocker"), ("typo", "note")] if data == b"a" else []
        findings = [{"code": c, "severity": s, "where": "p. 1", "message": "."} for c, s in raised]
        return {"ready": None if data == b"b" else False, "findings": findings}

    measured = measure_real_kinds(tmp_path, check=check)
    assert (measured.by_rule.found["date-blank"], measured.by_rule.missed["opla-blank"]) == (1, 1)
    assert (measured.by_rule.wrong["title-blank"], measured.by_rule.left_alone["not-an-moa"]) == (1, 1)
    assert (measured.by_kind.found["picture"], measured.by_kind.missed["recognised"]) == (1, 1)
    assert [line.partition(":")[0] for line in measured.false_blockers] == ["title-blank"]
    table = format_table(measured)
    assert "false blockers: 1" in table
    assert "2 agreements; ready: 1 False, 1 None" in table


@pytest.mark.long
def test_no_blocker_on_the_labelled_agreements_is_false(shared: Path) -> None:
    folder = shared / "real-kinds"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent")
    measured = measure_real_kinds(folder)
    assert measured.false_blockers == []
    found, missed = sum(measured.by_rule.found.values()), sum(measured.by_rule.missed.values())
    assert found / (found + missed) >= 0.90, format_table(measured)
    alone, wrong = sum(measured.by_rule.left_alone.values()), sum(measured.by_rule.wrong.values())
    assert alone / (alone + wrong) >= 0.98, format_table(measured)
