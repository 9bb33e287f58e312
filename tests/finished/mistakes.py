"""The labelled set: one mistake made on purpose in each agreement, and the code under which it must be told.

``ways`` are the ways of sending on in which the mistake can be seen at all: nobody sees in a scan at what size a
field was written. ``also`` names codes that the same mistake rightly brings with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from reportlab.pdfgen import canvas

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.tokens import lines_of, tokens_of
from tests.finished import made
from tests.finished.left_in import left_in
from tests.finished.made import Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect

    Draw = Callable[[canvas.Canvas, Edition, dict[str, Rect]], None]
    Change = Callable[[pikepdf.Pdf, Edition], None]

ALL = ("fields", "flat", "scan")
TYPED = ("fields", "flat")
TFM = ("moa-tfm/2025-02-12", "moa-tfm/2025-03-07")
OLD = "moa-tfm/2025-02-12"
JAIL = ("moa-jem/2025-02-15", "moa-wso/2025-02-14")
STAMP = ("Digitally signed by", "{name}", "Date: {day} 10:11:12", "-04'00'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    name: str
    codes: frozenset[str]
    spec: Spec
    editions: tuple[str, ...] = made.EDITIONS
    ways: tuple[str, ...] = ALL
    also: frozenset[str] = frozenset()


def mistakes() -> Iterator[Mistake]:
    """Yield every mistake of the set."""
    yield from _blanks()
    yield from _texts()
    yield from _contacts()
    yield from _dates()
    yield from _files()
    for name, code, spec, editions in left_in():
        yield _one(name, code, spec, editions=editions, ways=TYPED)


def _one(name: str, code: str, spec: Spec, *, also: str = "", **more: tuple[str, ...]) -> Mistake:
    return Mistake(name=name, codes=frozenset(code.split()), spec=spec, also=frozenset(also.split()), **more)


def _blanks() -> Iterator[Mistake]:
    yield _one("no date", "date-blank", Spec(dated=None))
    yield _one("no title", "title-blank", Spec(without=("lea_title",)))
    yield _one("no OPLA", "opla-blank", Spec(without=("opla",)))
    yield _one("no Appendix C contact", "pubinfo-blank", Spec(without=("public",)))
    yield _one("no Appendix A contact", "poc-a-blank", Spec(without=("contact",)), editions=TFM)
    yield _one("no Appendix B name", "appb-blank", Spec(without=("appendix_b",)), editions=TFM)
    yield _one("no second name", "abbrev-blank", Spec(without=("agency_again",)), editions=TFM)
    yield _one("no section VII contact", "poc-vii-blank", Spec(without=("contact_vii",)), editions=JAIL)
    yield _one("placeholder OPLA", "placeholder-left", Spec(instead={"opla": "ADDRESS"}))
    yield _one(
        "placeholder Appendix B",
        "placeholder-left",
        Spec(instead={"appendix_b": "XXXXXXXXX"}),
        editions=TFM,
        also="name-inconsistent",
    )
    yield _one(
        "placeholder contact",
        "placeholder-left",
        Spec(changes={"public_information_contact.full_name": "to be completed"}),
        also="pubinfo-no-person",
    )


def _texts() -> Iterator[Mistake]:
    yield _one(
        "represents itself",
        "represents-self",
        Spec(instead={"represents": "Pine County Sheriff’s Office"}),
        editions=TFM,
    )
    yield _one(
        "represents a person", "represents-person", Spec(instead={"represents": "Sheriff Jordan Tester"}), editions=TFM
    )
    yield _one("field office as OPLA", "opla-not-opla", Spec(instead={"opla": "ERO Atlanta"}))
    yield _one(
        "initials undefined",
        "abbrev-undefined",
        Spec(instead={"agency": "Pine County Sheriff’s Office"}),
        editions=(OLD,),
        ways=TYPED,
    )
    yield _one(
        "two names", "name-inconsistent", Spec(instead={"appendix_b": "Pine County Police"}), editions=TFM, ways=TYPED
    )
    yield _one(
        "another county",
        "other-agency-data",
        Spec(instead={"appendix_b": "Maple County Sheriff"}),
        editions=TFM,
        ways=TYPED,
    )
    yield _one(
        "city as party",
        "party-not-lea",
        Spec(instead={"agency": "City of Example"}),
        also="name-inconsistent other-agency-data abbrev-undefined signer-not-chief",
    )
    yield _one("manager signs", "signer-not-chief", Spec(changes={"signatory.title": "County Manager"}))
    yield _one(
        "slip in the title", "typo", Spec(changes={"signatory.title": "Sherriff"}), ways=TYPED, also="signer-not-chief"
    )
    yield _one(
        "ICE's title", "title-shared-with-ice", Spec(instead={"lea_title": "Acting Director"}), also="signer-not-chief"
    )
    yield _one("shared title", "title-shared-with-ice", Spec(first=_shared_title), editions=(OLD,))
    yield _one("cut off", "text-clipped", Spec(first=cut), editions=(OLD,), ways=TYPED)
    yield _one("tiny", "text-tiny", Spec(first=_tiny), editions=(OLD,), ways=TYPED, also="name-inconsistent")
    yield _one("tiny, drawn", "text-tiny", Spec(without=("lea_title",), draw=_small), ways=TYPED)
    yield _one("by hand", "handwriting", Spec(without=("lea_title",), draw=_by_hand))
    yield _one("faint", "faint-text", Spec(without=("lea_title",), draw=_faint))


def _contacts() -> Iterator[Mistake]:
    public, program = "public_information_contact", "program_contact"
    none = {"phone": None, "email": None}
    yield _one("App. C unreachable", "pubinfo-no-contact", Spec(changes={f"{public}.{k}": v for k, v in none.items()}))
    yield _one(
        "App. A unreachable",
        "poc-a-no-contact",
        Spec(changes={f"{program}.{k}": v for k, v in none.items()}),
        editions=TFM,
    )
    yield _one(
        "App. C an office", "pubinfo-no-person", Spec(changes={f"{public}.full_name": "Public Information Office"})
    )
    yield _one(
        "App. A a title", "poc-a-no-person", Spec(changes={f"{program}.full_name": "Patrol Division"}), editions=TFM
    )
    yield _one(
        "two numbers", "contact-mismatch", Spec(changes={f"{public}.full_name": "Sam Sample"}), editions=TFM, ways=TYPED
    )
    yield _one("bad e-mail", "contact-format", Spec(changes={f"{public}.email": "pio@pcso,example.gov"}), ways=TYPED)


def _dates() -> Iterator[Mistake]:
    yield _one("date of the future", "date-invalid", Spec(dated="03/28/2027"))
    yield _one("no such day", "date-invalid", Spec(dated="02/30/2025"), ways=TYPED, also="form-outdated")
    yield _one("before the form", "date-invalid", Spec(dated="01/05/2025"), ways=TYPED)
    yield _one("half a date", "date-format", Spec(dated="March 2025"), ways=TYPED)
    yield _one(
        "date and stamp differ",
        "date-vs-signature",
        Spec(signed=False, draw=_stamp("Jordan Tester", "2025.03.20")),
        ways=TYPED,
    )
    yield _one(
        "stamp shows a number",
        "signature-exposes-id",
        Spec(signed=False, draw=_stamp("TESTER.JORDAN.1234567890", "2025.03.28")),
        ways=TYPED,
    )
    yield _one(
        "typed signature",
        "signature-typed-only",
        Spec(signed=False, draw=_typed_signature("Jordan Tester")),
        ways=TYPED,
    )
    yield _one(
        "lines swapped", "signature-line-swap", also="handwriting", spec=Spec(signed=False, dated=None, draw=_swapped)
    )


def _files() -> Iterator[Mistake]:
    yield _one("page missing", "pages-missing", Spec(last=without_page(4)))
    yield _one("page twice", "pages-extra", Spec(last=page_twice(2)))
    yield _one("resolution attached", "pages-extra", Spec(last=attach_resolution), ways=TYPED)
    yield _one("typed anew", "form-retyped", Spec(last=retyped), editions=(*TFM, JAIL[0]), ways=("flat",))
    yield _one("sideways", "page-rotated", Spec(last=sideways(2)))
    yield _one("encrypted", "encrypted", Spec(encrypted=True))
    yield _one("comments left", "review-marks-left", Spec(last=comment))
    yield _one("title of another paper", "metadata-leftover", Spec(last=titled))
    yield _one("newer form known", "form-outdated", Spec(dated="04/28/2025"), editions=(OLD, "moa-wso/2025-02-14"))


def _shared_title(pdf: pikepdf.Pdf, _: Edition) -> None:
    """Write the title the way a program does that knows one field only: under both sides."""
    for annotation in pdf.pages[8].Annots:
        parent = annotation.get("/Parent", annotation)
        if str(annotation.get("/T", parent.get("/T", ""))).startswith("Title"):
            annotation.AP = pikepdf.Dictionary()
            _value(pdf, annotation, "Sheriff")
            if "/Parent" in annotation:
                parent.V = "Sheriff"
            elif "(agency)" in str(annotation.T):
                annotation.T = "Title"


def _value(pdf: pikepdf.Pdf, annotation: pikepdf.Object, text: str) -> None:
    """Give a widget a value and an appearance drawn at 9 pt."""
    x0, y0, x1, y1 = (float(n) for n in annotation.Rect)
    content = f"/Tx BMC q BT /Helv 9 Tf 0 g 2 {(y1 - y0) / 2 - 3:.2f} Td ({text}) Tj ET Q EMC".encode()
    look = pdf.make_stream(content)
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = [0, 0, x1 - x0, y1 - y0]
    helvetica = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    look.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=helvetica))
    annotation.V = text
    annotation.AP = pikepdf.Dictionary(N=look)


def _set(pdf: pikepdf.Pdf, page: int, name: str, text: str) -> None:
    """Write a field's value without an appearance, as many programs do."""
    for annotation in pdf.pages[page].Annots:
        if str(annotation.get("/T", "")) == name:
            annotation.V = text
            if "/AP" in annotation:
                del annotation.AP
    pdf.Root.AcroForm.NeedAppearances = True


def cut(pdf: pikepdf.Pdf, _: Edition) -> None:
    """Write an address into a narrow field of Appendix A, which cuts it off."""
    _set(pdf, 9, "Text9", "100 Main Street, Suite 200, Example City, Georgia 30301")


def _tiny(pdf: pikepdf.Pdf, _: Edition) -> None:
    _set(pdf, 10, "hereinafter referred to", "Pine County Sheriff’s Office, Pine County, Georgia")


def _small(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
    drawing.setFont("Helvetica", 4.4)
    drawing.drawString(places["lea_title"][0] + 4, places["lea_title"][1] + 5, "Sheriff")


def _by_hand(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
    made.strokes(drawing, places["lea_title"], seed=3)


def _faint(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
    drawing.setFillGray(0.74)
    drawing.setFont("Helvetica", 11)
    drawing.drawString(places["lea_title"][0] + 4, places["lea_title"][1] + 4, "Sheriff")


def _stamp(name: str, day: str) -> Draw:
    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        x0, y0 = places["lea_signature"][:2]
        drawing.setFont("Helvetica", 9)
        drawing.drawString(x0 + 4, y0 + 8, name.partition(".")[0])
        drawing.setFont("Helvetica", 4.5)
        for n, line in enumerate(STAMP):
            drawing.drawString(x0 + 70, y0 + 17 - 5 * n, line.format(name=name, day=day))

    return draw


def _typed_signature(name: str) -> Draw:
    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        drawing.setFont("Helvetica", 11)
        drawing.drawString(places["lea_signature"][0] + 8, places["lea_signature"][1] + 3, name)

    return draw


def _swapped(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
    drawing.setFont("Helvetica", 11)
    drawing.drawString(places["lea_signature"][0] + 8, places["lea_signature"][1] + 3, made.SIGNED_ON)
    made.strokes(drawing, places["lea_date"], seed=5)


def without_page(page: int) -> Change:
    """Return what takes a page, counted from 0, out of the file."""

    def change(pdf: pikepdf.Pdf, _: Edition) -> None:
        del pdf.pages[page]

    return change


def page_twice(page: int) -> Change:
    """Return what puts a page, counted from 0, at the end of the file once more."""

    def change(pdf: pikepdf.Pdf, _: Edition) -> None:
        pdf.pages.append(pdf.pages[page])

    return change


def attach_resolution(pdf: pikepdf.Pdf, _: Edition) -> None:
    """Put a page behind the form that is none of it."""
    file = io.BytesIO()
    drawing = canvas.Canvas(file, pagesize=(612, 792))
    words = "Be it resolved by the Board of Commissioners of this County that the Chair is hereby empowered to act"
    for n in range(20):
        drawing.drawString(72, 700 - 20 * n, words)
    drawing.showPage()
    drawing.save()
    with pikepdf.open(io.BytesIO(file.getvalue())) as other:
        pdf.pages.extend(other.pages)


def retyped(pdf: pikepdf.Pdf, _: Edition) -> None:
    """Set the words of the whole agreement anew, in other pages and without the revision."""
    held, file = io.BytesIO(), io.BytesIO()
    pdf.save(held)
    drawing, y = canvas.Canvas(file, pagesize=(612, 792)), 740.0
    with ViewedPdf(held.getvalue()) as seen:
        lines = [" ".join(t.text for t in line) for page in seen.pages for line in lines_of(tokens_of(page))]
    for text in lines:
        if "Revised" not in text:
            drawing.setFont("Times-Roman", 12)
            drawing.drawString(60, y, text[:95])
            y -= 13.2
        if y < 90:
            drawing.showPage()
            y = 740.0
    drawing.save()
    with pikepdf.open(io.BytesIO(file.getvalue())) as other:
        del pdf.pages[:]
        pdf.pages.extend(other.pages)


def sideways(page: int) -> Change:
    """Return what turns a page, counted from 0, by a quarter."""

    def change(pdf: pikepdf.Pdf, _: Edition) -> None:
        pdf.pages[page].rotate(90, relative=True)

    return change


def comment(pdf: pikepdf.Pdf, _: Edition) -> None:
    """Leave a highlight with a comment on page 2."""
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Highlight,
        Rect=[72, 600, 200, 612],
        QuadPoints=[72, 612, 200, 612, 72, 600, 200, 600],
        C=[1, 1, 0],
        Contents="Please look at this again",
    )
    page = pdf.pages[1]
    page.Annots = pdf.make_indirect(pikepdf.Array([*page.get("/Annots", []), pdf.make_indirect(note)]))


def titled(pdf: pikepdf.Pdf, _: Edition) -> None:
    """Give the file the title of another paper."""
    pdf.docinfo["/Title"] = "Draft letter to the landlord"
