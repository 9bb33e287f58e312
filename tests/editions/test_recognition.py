"""Each blank official form is known for what it is; anything else is unknown, never guessed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.editions.catalog import all_editions, former_prints, get_edition
from assistant.editions.edition_files import iso_date
from assistant.editions.library import FormLibrary
from assistant.editions.recognition import inspect, recognise, unfit
from assistant.errors import PdfError
from assistant.pdf.form.template import compile_template

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {
    "moa-jem-rev2025-02-15-flat.pdf": ("moa-jem/2025-02-15", "flat", 11),
    "moa-tfm-rev2025-02-12.pdf": ("moa-tfm/2025-02-12", "acroform", 14),
    "moa-tfm-rev2025-03-07-flat.pdf": ("moa-tfm/2025-03-07", "flat", 14),
    "moa-tfm-rev2025-02-14.pdf": ("moa-tfm/2025-02-14", "acroform", 14),
    "moa-tfm-rev2025-02-14-flat.pdf": ("moa-tfm/2025-02-14.flat", "flat", 14),
    "moa-wso-rev2-14-25-flat.pdf": ("moa-wso/2025-02-14.flat", "flat", 10),
    "moa-wso-rev2025-02-15-flat.pdf": ("moa-wso/2025-02-15", "flat", 10),
    "moa-wso-rev2025-02-14-page7-rotated.pdf": ("moa-wso/2025-02-14", "acroform", 10),
    "moa-wso-rev2025-02-14.pdf": ("moa-wso/2025-02-14", "acroform", 10),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_blank_official_form_is_recognised(name: str, official_forms: Path) -> None:
    found = inspect((official_forms / name).read_bytes()).to_document()
    edition, kind, pages = KNOWN[name]
    assert (found["edition"], found["kind"], found["pages"]) == (edition, kind, pages)
    assert found["revision"] == get_edition(edition).revision
    assert found["model"] == get_edition(edition).model


FORMER = {
    "moa-jem-2020-06-flat.pdf": "moa-jem/2020-06",
    "moa-wso-2019-10-flat.pdf": "moa-wso/2019-10",
    "moa-wso-2020-03-flat.pdf": "moa-wso/2020-03",
    "moa-wso-2020-11-flat.pdf": "moa-wso/2020-11",
    "addendum-jem-2020-06-picture.pdf": "addendum-jem/2020-06",
}


@pytest.mark.parametrize("name", FORMER)
def test_a_print_that_ice_no_longer_offers_is_recognized_and_not_filled(name: str, official_forms: Path) -> None:
    data = (official_forms / name).read_bytes()
    inspection = inspect(data).to_document()
    assert inspection["edition"] == FORMER[name]
    assert "which ICE no longer offers" in inspection["unfit"]
    assert FormLibrary([data]).on_hand() == ()


def test_no_former_print_is_offered_for_an_application() -> None:
    former = {edition.name for edition in former_prints()}
    assert former == set(FORMER.values())
    assert not former & {edition.name for edition in all_editions()}


def traps(official_forms: Path, name: str) -> set[tuple[str, int | None, str | None]]:
    found = inspect((official_forms / name).read_bytes())
    return {(trap.code, trap.page, trap.field) for trap in found.traps}


def test_the_traps_of_the_task_force_form_are_told(official_forms: Path) -> None:
    found = traps(official_forms, "moa-tfm-rev2025-02-12.pdf")
    assert ("shared-across-sides", 9, "Title") in found
    assert ("fixed-small", 1, "Name of LEA") in found
    assert ("signature-field", 9, "Signature") in found
    assert not any(code == "active-content" for code, _, _ in found)


def test_the_traps_of_the_warrant_service_form_are_told(official_forms: Path) -> None:
    found = traps(official_forms, "moa-wso-rev2025-02-14.pdf")
    assert ("active-content", None, None) in found
    assert {field for code, _, field in found if code == "print-flag-missing"} == {"Text4", "Text6", "Text7", "Text9"}
    required = {field for code, _, field in found if code == "required-on-ice-side"}
    assert {"Text7", "Text9"} <= required
    assert ("shared-field", 1, "text0") in found


def test_the_turned_copy_says_so(official_forms: Path) -> None:
    found = traps(official_forms, "moa-wso-rev2025-02-14-page7-rotated.pdf")
    assert ("page-rotated", 7, None) in found
    assert ("rotated-without-turn", 7, "Text6") in found


def test_each_field_is_on_its_side(official_forms: Path) -> None:
    document = inspect((official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()).to_document()
    titles = {
        next(iter(field["rect"])) > 300: field["side"] for field in document["fields"] if field["name"] == "Title"
    }
    assert titles == {True: "ice", False: "agency"}
    sides = {field["name"]: field["side"] for field in document["fields"]}
    assert sides["Date_2"] == sides["Signature_2"] == "ice"
    assert sides["Date"] == sides["Text6"] == "agency"


def changed(official_forms: Path, change: object, name: str = "moa-tfm-rev2025-02-12.pdf") -> bytes:
    with pikepdf.open(official_forms / name) as pdf:
        change(pdf)  # type: ignore[operator]
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def drop_page(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[3]


def rename_field(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].T = pikepdf.String("another")


def drop_field(pdf: pikepdf.Pdf) -> None:
    dropped = pdf.Root.AcroForm.Fields[0].objgen
    del pdf.Root.AcroForm.Fields[0]
    for page in pdf.pages:
        left = [box for box in page.get("/Annots", pikepdf.Array()) if box.objgen != dropped]
        page.Annots = pikepdf.Array(left)


def unlist_field(pdf: pikepdf.Pdf) -> None:
    fields = pdf.Root.AcroForm.Fields
    del fields[next(n for n, field in enumerate(fields) if field.get("/T") == "name of LEA")]


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
@pytest.mark.parametrize("change", [drop_page, rename_field, drop_field])
def test_a_form_that_differs_is_unknown(change: object, official_forms: Path) -> None:
    assert inspect(changed(official_forms, change)).edition is None


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
def test_a_form_whose_field_is_on_the_page_alone_is_known_and_not_filled(official_forms: Path) -> None:
    template = compile_template(changed(official_forms, unlist_field))
    edition = recognise(template)
    assert edition is not None
    assert unfit(template, edition).startswith("This copy cannot be filled: name of LEA: ")


def test_a_rewritten_copy_with_the_same_fields_is_the_same_edition(official_forms: Path) -> None:
    found = inspect(changed(official_forms, lambda _: None)).edition
    assert found is not None
    assert found.name == "moa-tfm/2025-02-12"


def test_a_flat_stamp_with_fields_is_a_new_print(official_forms: Path) -> None:
    def add_field(pdf: pikepdf.Pdf) -> None:
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("agency name"),
            Rect=[180, 616, 300, 632], F=4, DA=pikepdf.String("/Helv 0 Tf 0 g"), P=pdf.pages[0].obj,
        )  # fmt: skip
        ref = pdf.make_indirect(field)
        pdf.pages[0].Annots = pikepdf.Array([ref])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[ref], DA=pikepdf.String("/Helv 0 Tf 0 g"))

    found = inspect(changed(official_forms, add_field, "moa-tfm-rev2025-03-07-flat.pdf"))
    assert found.edition is None
    assert "new-print" in {trap.code for trap in found.traps}


def test_a_pdf_that_is_no_form_is_unknown() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    found = inspect(out.getvalue()).to_document()
    assert (found["edition"], found["model"], found["revision"], found["kind"]) == (None, None, None, "flat")


def test_scripts_added_to_a_known_form_are_noticed(official_forms: Path) -> None:
    def add_script(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    found = inspect(changed(official_forms, add_script))
    assert found.edition is None
    assert "active-content" in {trap.code for trap in found.traps}


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%PDF-1.7", b"%PDF-1.7\nstartxref\n5\n%%EOF", b"%PDF-1.4\n" + b"(" * 5000]
)
def test_what_is_no_pdf_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(PdfError, match=r"^The (file|PDF) .*\.$"):
        inspect(data)


@pytest.mark.parametrize(
    ("stamp", "iso"),
    [("02/12/2025", "2025-02-12"), ("2/14/25", "2025-02-14"), ("3/7/2025", "2025-03-07"), (None, None)],
)
def test_a_stamp_is_read_as_a_date(stamp: str | None, iso: str | None) -> None:
    assert iso_date(stamp) == iso
