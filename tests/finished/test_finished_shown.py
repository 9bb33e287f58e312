"""What a finished agreement holds and what it shows: only what stands on paper is read, and what hides is told."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from assistant.answers import parse
from assistant.documents.entry_sheet import entry_sheet
from assistant.documents.signing_instructions import signing_instructions
from assistant.editions.catalog import get_edition
from assistant.editions.form_plan import plan_blanks
from assistant.editions.library import FormOnHand
from assistant.errors import PdfError
from assistant.reading import read_answers
from assistant.rules.agreement import check_document
from tests.finished import made
from tests.finished.made import Spec
from tests.finished.measure import OWN, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.editions.catalog import Edition

FLAT, FIELDS, WSO, JEM = "moa-tfm/2025-03-07", "moa-tfm/2025-02-12", "moa-wso/2025-02-14", "moa-jem/2025-02-15"
CONTACT_PAGE = 9
"""The page of Appendix A, from 0; the contact's name stands on its line from (185, 445)."""


def values(data: bytes, page: int | None = None) -> dict[str, tuple[str, str]]:
    """Return path -> (text, how sure), the first row of each path."""
    found: dict[str, tuple[str, str]] = {}
    for row in read_answers(data)["values"]:
        if page in {None, row["page"]}:
            found.setdefault(row["path"], (row["text"], row["sureness"]))
    return found


def codes(data: bytes) -> dict[str, str]:
    return {finding["code"]: finding["severity"] for finding in check_document(data, TODAY)["findings"]}


def drawn(content: bytes, page: int = CONTACT_PAGE) -> Callable[[pikepdf.Pdf, Edition], None]:
    """Return what draws something more on a page."""

    def draw(pdf: pikepdf.Pdf, _: object) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[page].Resources.Font["/Hx"] = pdf.make_indirect(font)
        pdf.pages[page].contents_add(b"q " + content + b" Q")

    return draw


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    pdf, out = pikepdf.open(io.BytesIO(data)), io.BytesIO()
    change(pdf)
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", [FLAT, FIELDS, JEM])
def test_initials_dashes_and_single_letters_are_read_whole(official_forms: Path, name: str) -> None:
    told = {
        "signatory.full_name": "Jordan Q. Tester",
        "program_contact.full_name": "Sam B. Sample",
        "program_contact.title": "Captain \\ Patrol",
        "program_contact.email": "sam_b@pcso.example.gov",
        "public_information_contact.full_name": "D. Example",
        "agency.represents": "Peña Diné – Pine County",
        "agency.address.street": "100 N Main Street",
    }
    read = values(made.make(official_forms, name, Spec(changes=told), "flat"))
    street = told.pop("agency.address.street")
    for path, text in told.items():
        assert read.get(path, (text, "sure")) == (text, "sure")
    assert read.get("agency.address.one_line", (f"{street}, ", "sure"))[0].startswith(f"{street}, ")
    assert read["public_information_contact.full_name"] == ("D. Example", "sure")


@pytest.mark.parametrize("content", [b"1 g 180 438 230 17 re f", b"0 g 180 438 230 17 re f"], ids=["white", "black"])
def test_a_name_under_a_box_is_neither_read_nor_passed_over(official_forms: Path, content: bytes) -> None:
    data = made.make(official_forms, FLAT, Spec(last=drawn(content)), "flat")
    read = values(data, CONTACT_PAGE + 1)
    assert read["program_contact.full_name"] == ("", "unreadable")
    assert read["program_contact.title"] == ("Captain, Patrol", "sure")
    assert codes(data)["text-hidden"] == "warning"


@pytest.mark.parametrize("style", [b"3 Tr", b"1 g"], ids=["no ink", "white"])
def test_words_without_ink_are_not_read(official_forms: Path, style: bytes) -> None:
    ghost = drawn(b"BT /Hx 11 Tf " + style + b" 185 447 Td (Ghost Person) Tj ET")
    data = made.make(official_forms, FLAT, Spec(without=("contact",), last=ghost), "flat")
    read = values(data, CONTACT_PAGE + 1)
    assert "Ghost" not in str(read)
    assert read["program_contact.full_name"][1] == "unreadable"
    assert codes(data)["text-hidden"] == "warning"


def test_a_name_typed_over_another_is_the_one_that_shows(official_forms: Path) -> None:
    over = drawn(b"1 g 180 443 230 14 re f BT 0 g /Hx 11 Tf 185 447 Td (Pat Green) Tj ET")
    data = made.make(official_forms, FLAT, Spec(last=over), "flat")
    read = values(data, CONTACT_PAGE + 1)
    assert read["program_contact.full_name"] == ("Pat Green", "likely")
    assert read["program_contact.email"][1] == "sure"
    assert codes(data)["text-hidden"] == "warning"


def test_a_white_text_on_a_dark_ground_shows(official_forms: Path) -> None:
    over = drawn(b"0 g 180 443 230 14 re f BT 1 g /Hx 11 Tf 185 447 Td (Pat Green) Tj ET")
    data = made.make(official_forms, FLAT, Spec(without=("contact",), last=over), "flat")
    assert values(data, CONTACT_PAGE + 1)["program_contact.full_name"] == ("Pat Green", "sure")
    assert "text-hidden" not in codes(data)


def with_value(name: str, text: str) -> Callable[[pikepdf.Pdf, Edition], None]:
    def put(pdf: pikepdf.Pdf, _: object) -> None:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.get("/T", "")) == name:
                field.V = pikepdf.String(text)

    return put


def test_a_field_that_draws_another_text_is_told_as_it_is_drawn(official_forms: Path) -> None:
    data = made.make(official_forms, FIELDS, Spec(last=with_value("Text6", "Somebody Else")), "fields")
    read = values(data, CONTACT_PAGE + 1)
    assert read["program_contact.full_name"] == ("Sam Sample", "likely")
    assert read["program_contact.title"][1] == "sure"
    assert codes(data).keys() == {"text-hidden"} | OWN[FIELDS]


def test_control_characters_are_no_letters(official_forms: Path) -> None:
    data = made.make(official_forms, FIELDS, Spec(last=with_value("Text6", "Sam\x01Sample\x07")), "fields")
    read = read_answers(data)
    assert read["answers"]["program_contact"]["full_name"] == "Sam Sample"
    assert values(data, CONTACT_PAGE + 1)["program_contact.full_name"][1] == "likely"
    assert "not-an-moa" not in codes(data)


def test_a_line_break_in_a_field_keeps_its_comma(official_forms: Path) -> None:
    data = made.make(
        official_forms, FIELDS, Spec(last=with_value("in theName of LEA", "Pine County,\rGeorgia")), "fields"
    )
    assert values(data)["agency.represents"][0] == "Pine County, Georgia"


def test_letters_whose_font_does_not_name_them_are_unknown(official_forms: Path) -> None:
    def unnamed(pdf: pikepdf.Pdf, _: object) -> None:
        for item in pdf.objects:
            named = isinstance(item, pikepdf.Dictionary) and "Arimo" in str(item.get("/BaseFont", ""))
            if named and "/ToUnicode" in item:
                del item["/ToUnicode"]

    told = {"program_contact.full_name": "Sam Nguyễn", "public_information_contact.full_name": "Dana Nguyễn"}
    told |= {"signatory.full_name": "Jordan Nguyễn", "agency.represents": "Pine Cōunty, Georgia"}
    read = values(made.make(official_forms, FLAT, Spec(changes=told, last=unnamed), "flat"))
    for path in ("agency.represents", "signatory.full_name", "program_contact.full_name"):
        assert read[path] == ("", "unreadable")
    assert all(how == "sure" or not text for text, how in read.values())


def test_every_blank_of_the_form_has_its_row(official_forms: Path) -> None:
    def last_page_gone(pdf: pikepdf.Pdf, _: object) -> None:
        del pdf.pages[-1]

    read = values(made.make(official_forms, FLAT, Spec(last=last_page_gone), "flat"))
    assert read["public_information_contact.full_name"] == ("", "unreadable")


@pytest.mark.parametrize("name", [FIELDS, WSO])
def test_a_page_upside_down_is_read_whole(official_forms: Path, name: str) -> None:
    def turned(pdf: pikepdf.Pdf, _: object) -> None:
        for page in pdf.pages:
            page.rotate(180, relative=True)

    upright = values(made.make(official_forms, name, Spec(), "flat"))
    assert values(made.make(official_forms, name, Spec(last=turned), "flat")) == upright
    assert upright["signatory.title"] == ("Sheriff", "sure")


@pytest.mark.parametrize(
    "matrix", ["0.93 0 0 0.93 21 28", "0.96 0 0 0.96 12 16", "0.97 0 0 0.97 0 36", "1.02 0 0 1.02 -6 -8"]
)
@pytest.mark.parametrize("name", [FIELDS, JEM, WSO])
def test_a_print_that_was_fitted_to_its_paper_is_read_as_it_was(official_forms: Path, name: str, matrix: str) -> None:
    """As "Fit to page" and A4 paper make it: smaller, and not where the map has its lines."""

    def fitted(pdf: pikepdf.Pdf, _: object) -> None:
        for page in pdf.pages:
            page.contents_add(f"q {matrix} cm".encode(), prepend=True)
            page.contents_add(b"Q")

    straight = values(made.make(official_forms, name, Spec(), "flat"))
    read = values(made.make(official_forms, name, Spec(last=fitted), "flat"))
    for path, (text, _) in straight.items():
        if path.startswith(("agency.", "program_contact.", "public_information_contact.", "signatory.")):
            assert read[path][0] == text, path


@pytest.mark.parametrize(
    "action",
    [
        Dictionary(S=Name.Launch, F="cmd.exe"),
        Dictionary(S=Name.JavaScript, JS="app.alert(1)"),
        Dictionary(S=Name.URI, URI="http://evil.example/"),
    ],
    ids=lambda action: str(action.S),
)
@pytest.mark.parametrize("name", [FLAT, WSO])
def test_what_runs_when_the_file_is_opened_is_told(official_forms: Path, name: str, action: Any) -> None:
    def opens(pdf: pikepdf.Pdf, _: object) -> None:
        pdf.Root.OpenAction = action

    way = "flat" if name == FLAT else "fields"
    assert codes(made.make(official_forms, name, Spec(last=opens), way))["active-content"] == "warning"


def test_the_forms_own_scripts_are_not_told(official_forms: Path) -> None:
    def moved(pdf: pikepdf.Pdf, _: object) -> None:
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])

    assert "active-content" not in codes(made.make(official_forms, WSO, Spec(last=moved), "fields"))


def test_a_password_and_an_archive_are_called_what_they_are(official_forms: Path) -> None:
    data, out = made.blank(official_forms, FLAT), io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="secret", owner="other"))
    with pytest.raises(PdfError, match="needs a password"):
        check_document(out.getvalue(), TODAY)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("moa.pdf", data)
    with pytest.raises(PdfError, match="is not a PDF"):
        check_document(packed.getvalue(), TODAY)


@pytest.mark.long
def test_the_papers_beside_an_agreement_are_none() -> None:
    answers, today = parse(made.ANSWERS.encode()), date.fromisoformat(TODAY)
    for name in made.EDITIONS:
        form = FormOnHand(edition=get_edition(name))
        assert codes(signing_instructions(answers, [form], today=today, draft=False)) == {"not-an-moa": "blocker"}
        sheet = entry_sheet(form, plan_blanks(form, answers).blanks, answers, today=today, draft=False)
        assert codes(sheet) == {"not-an-moa": "blocker"}
