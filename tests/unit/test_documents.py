"""What every made PDF keeps to, and what each document says."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from assistant.answers import Answers, with_path
from assistant.documents import fonts
from assistant.documents.blocks import PaperDocument, Paragraph, Table
from assistant.documents.checklist import checklist_pdf
from assistant.documents.entry_sheet import compose_entry_sheet, entry_sheet
from assistant.documents.letter import letter_of_interest
from assistant.documents.roster import roster_pdf
from assistant.documents.setting import to_pdf
from assistant.documents.signing_instructions import signing_instructions
from assistant.documents.strips import wrap
from assistant.documents.wording import place_in_words
from assistant.editions.catalog import all_editions, editions_for
from assistant.editions.form_plan import plan_blanks
from assistant.editions.library import FormOnHand
from assistant.errors import FillError
from assistant.rules import Finding, Review
from tests.editions.scenarios import scenario

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answers import Model
    from assistant.editions.catalog import Edition

TODAY = date(2026, 2, 1)
NAMES = ("Alex Nguyễn", "Kealoha ʻŌiwi", "Łucja Łódź", "Zoë O’Neill–Smith", "“Ana” Peña", "Diné (Jr.) \\ Begay")


@dataclass(frozen=True)
class Findings:
    """A review with some findings."""

    findings: tuple[Finding, ...] = ()

    @property
    def ready(self) -> bool:
        return not any(finding.severity == "blocker" for finding in self.findings)


def finding(severity: str = "blocker", where: str = "nominees.0.law_enforcement_since") -> Finding:
    return Finding(
        code="nominee-two-years",
        severity=severity,  # type: ignore[arg-type]  # one of the three
        where=where,
        message="Alex Nguyễn has served under two years. Choose someone else.",
        source="TFM MOA rev. 03/07/2025, VII.",
    )


def form_of(model: Model, data: bytes | None = b"%PDF-") -> FormOnHand:
    return FormOnHand(edition=editions_for(model)[0], data=data)


def with_people(answers: Answers, number: int) -> Answers:
    first = answers.nominees[0]
    people = tuple(
        replace(first, full_name=f"{NAMES[n % len(NAMES)]} {n + 1}", badge_number=str(1000 + n)) for n in range(number)
    )
    return replace(answers, nominees=people)


def every_document(answers: Answers, *, draft: bool) -> dict[str, bytes]:
    form = form_of("WSO", None)
    return {
        "letter": letter_of_interest(answers, today=TODAY, draft=draft),
        "roster": roster_pdf(answers, today=TODAY, draft=draft),
        "checklist": checklist_pdf(answers, Findings((finding(),)), today=TODAY, draft=draft),
        "instructions": signing_instructions(answers, [form_of("TFM"), form], today=TODAY, draft=draft),
        "entry sheet": entry_sheet(form, plan_blanks(form, answers).blanks, answers, today=TODAY, draft=draft),
    }


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def poppler_text(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "made.pdf"
    file.write_bytes(data)
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.mark.parametrize("draft", [False, True])
def test_every_document_is_titled_tagged_numbered_and_repeatable(ready: Answers, draft: bool) -> None:  # noqa: FBT001
    again = every_document(ready, draft=draft)
    for name, data in every_document(ready, draft=draft).items():
        assert data == again[name], name
        reader = PdfReader(BytesIO(data))
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"] == "en-US"
        assert root["/MarkInfo"]["/Marked"].value is True
        assert root["/StructTreeRoot"]["/K"]["/S"] == "/Document"
        assert reader.metadata is not None
        assert reader.metadata.author == ready.agency.legal_name
        assert str(ready.agency.legal_name) in (reader.metadata.title or "")
        for number, page in enumerate(reader.pages, 1):
            assert sorted(float(side) for side in page.mediabox[2:]) == [612, 792]
            text = page.extract_text()
            assert f"Page {number} of {len(reader.pages)}" in text
            assert ("DRAFT" in text) is draft, name
            assert (name == "entry sheet") is ("Not the official form" in text)


def test_every_tagged_text_is_owned_by_one_element(ready: Answers) -> None:
    reader = PdfReader(BytesIO(roster_pdf(with_people(ready, 60), today=TODAY, draft=True)))
    root: Any = reader.trailer["/Root"]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for place, page in enumerate(reader.pages):
        assert numbers[2 * place] == place
        assert page["/StructParents"] == numbers[2 * place]
        content = page.get_contents()
        assert content is not None
        marks = content.get_data().count(b"/MCID ")
        owners = numbers[2 * place + 1]
        assert len(owners) == marks
        for owner in owners:
            assert owner.get_object()["/Type"] == "/StructElem"


def test_qpdf_finds_no_fault(ready: Answers, tmp_path: Path) -> None:
    for name, data in every_document(with_people(ready, 40), draft=True).items():
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(data)
        done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", [*NAMES, "X", "Maximiliana " * 10 + "Maximili", "W" * 128])
def test_the_same_letters_stand_on_paper(ready: Answers, name: str, tmp_path: Path) -> None:
    answers = with_path(with_path(ready, "signatory.full_name", name), "nominees.0.full_name", name)
    for data in (letter_of_interest(answers, today=TODAY, draft=False), roster_pdf(answers, today=TODAY, draft=False)):
        for text in (text_of(data), poppler_text(data, tmp_path)):
            # A name wider than its column breaks inside a word.
            assert name.replace(" ", "") in text.replace(" ", "")


def test_a_word_too_wide_for_its_line_breaks_at_a_hyphen_first() -> None:
    width = fonts.faces().regular.width("Bartholomew Montgomery-", 10)
    assert wrap("Bartholomew Montgomery-Featherstonehaughley", width, 10) == (
        "Bartholomew Montgomery-",
        "Featherstonehaughley",
    )
    assert wrap("a Featherstone-Montgomery-Li", width, 10) == ("a Featherstone-", "Montgomery-Li")
    assert wrap("info@parish-of-bartholomew.example.gov", width, 10)[0] == "info@parish-of-"
    letters = wrap("W" * 40, width, 10)
    assert len(letters) > 1
    assert "".join(letters) == "W" * 40, "where there is no other place, between letters"


def test_long_names_do_not_break_inside_and_nobody_signs_a_page_with_nothing_else() -> None:
    data = letter_of_interest(scenario("long-names-shortened"), today=TODAY, draft=False)
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    lines = [line.strip() for page in pages for line in page.splitlines()]
    for whole in ("Montgomery-Featherstone", "Constantinopoulos-", "Oppenheimer", "(727) 555-0102"):
        assert any(line.startswith(whole) or line.endswith(whole) for line in lines), whole
    signed = next(page for page in pages if "Sincerely," in page)
    assert "Please send any question about this request" in signed.replace("\n", " ")


def test_letters_typed_in_parts_or_with_hidden_marks_are_drawn_whole() -> None:
    assert fonts.printable("Nguye\u0302\u0303n\u00a0\u200bLe\u00ad", "x") == "Nguyễn Le"


def test_ligatures_are_drawn_as_the_letters_they_stand_for_as_on_the_forms(ready: Answers) -> None:
    assert fonts.printable("She\ufb00’s O\ufb03ce \ufb06", "x") == "Sheff’s Office st"
    assert fonts.all_printable("O\ufb03cer \ufb05")
    assert not fonts.missing_letters("\ufb01")
    assert fonts.marked("O\ufb03cer") == "O\ufb03cer"
    answers = with_path(ready, "signatory.title", "Sheri\ufb00’s O\ufb03cer")
    for data in (
        letter_of_interest(answers, today=TODAY, draft=False),
        every_document(answers, draft=True)["entry sheet"],
    ):
        assert "Sheriff’s Officer" in text_of(data)


@pytest.mark.parametrize("name", ["李 Wei", "שרה", "محمد", "Ada 🙂"])
def test_a_letter_that_cannot_be_drawn_is_refused_by_place(ready: Answers, name: str) -> None:
    answers = with_path(ready, "signatory.full_name", name)
    with pytest.raises(FillError, match=r"01-letter-of-interest\.pdf: This has a letter that cannot be printed"):
        letter_of_interest(answers, today=TODAY, draft=True)
    assert fonts.missing_letters(name)


def test_without_the_font_the_base_font_writes_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    regular, bold = fonts._helvetica("Helvetica"), fonts._helvetica("Helvetica-Bold")
    both = fonts.Faces(regular=regular, bold=bold, letters=frozenset(regular.widths) & frozenset(bold.widths))
    monkeypatch.setattr("assistant.documents.paper.faces", lambda: both)
    document = PaperDocument(title="T", agency="A", day=TODAY, blocks=(Paragraph(text="Peña – Sheriff’s (1)"),))
    assert "Peña – Sheriff’s (1)" in text_of(to_pdf(document))


def test_letter_names_models_officers_contacts_and_enclosures(ready: Answers) -> None:
    text = text_of(letter_of_interest(ready, today=TODAY, draft=False))
    for said in (
        "February 1, 2026",
        "U.S. Immigration and Customs Enforcement",
        "Washington, DC 20536",
        "ERO287g@ice.dhs.gov",
        "Jail Enforcement Model (JEM), Task Force Model (TFM) and Warrant Service Officer (WSO)",
        "represents Example County, Georgia",
        "2 officers: 1 for the Jail Enforcement Model, 2 for the Task Force Model and 1 for the Warrant",
        "(404) 555-0102",
        "pio@ecso.example.gov",
        "Jordan Núñez",
        "Date signed (by hand)",
        "Enclosed: signed Memorandum of Agreement",
        "It is not a form issued by ICE.",
    ):
        assert said in text
    assert "Nguyễn" not in text, "no nominee is named in the letter"


def test_letter_without_nominees_or_answers_says_so_plainly() -> None:
    text = text_of(letter_of_interest(Answers(), today=TODAY, draft=True))
    assert "[agency’s legal name: not given]" in text
    assert "names no officers with this letter" in text
    assert "None" not in text


def test_roster_says_what_counts_and_nothing_else(ready: Answers) -> None:
    text = text_of(roster_pdf(ready, today=TODAY, draft=False))
    assert "Jun 1, 2018 (7 years)" in text
    assert "completed Nov 3, 2025" in text
    assert "Total: 2" in text
    assert "n/a" in text, "inmate rules do not count for a TFM nominee"
    pending = with_path(with_path(ready, "nominees.1.us_citizen", None), "nominees.1.background_investigation", None)
    assert text_of(roster_pdf(pending, today=TODAY, draft=False)).count("not known") == 2


def test_roster_of_one_model_shows_only_its_criteria(ready: Answers) -> None:
    answers = replace(ready, models=("TFM",), nominees=ready.nominees[1:])
    assert "inmate" not in text_of(roster_pdf(answers, today=TODAY, draft=False))


@pytest.mark.parametrize("number", [0, 1, 30, 500])
def test_roster_of_any_length_holds_everyone_and_repeats_its_head(ready: Answers, number: int) -> None:
    data = roster_pdf(with_people(ready, number), today=TODAY, draft=False)
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    whole = " ".join(pages)
    assert all(str(1000 + n) in whole for n in range(number))
    if number:
        heads = sum("Badge" in page for page in pages)
        assert heads >= len(pages) - 1, "only a last page with the footnote alone has no head"
    else:
        assert "No nominees yet" in whole


def test_checklist_groups_findings_with_their_sources(ready: Answers) -> None:
    review = Findings((finding(), finding("warning", "agency.address.zip"), finding("note")))
    text = text_of(checklist_pdf(ready, review, today=TODAY, draft=True))
    assert "1 blocker, 1 warning and 1 note" in text
    assert text.index("Fix before signing") < text.index("To check") < text.index("To know")
    assert text.count("Source: TFM MOA rev. 03/07/2025, VII.") == 3
    assert "Where: Nominee 1, law enforcement since" in text
    assert "Reviewed on January 8, 2026" in text
    assert "Blocked Sign and date" in text


def test_checklist_of_a_ready_application_blocks_nothing(ready: Answers) -> None:
    text = text_of(checklist_pdf(ready, Review(findings=()), today=TODAY, draft=False))
    assert "Nothing blocks the export." in text
    assert "Blocked" not in text


def test_checklist_of_many_findings_loses_none(ready: Answers) -> None:
    review = Findings(tuple(finding("note", f"nominees.{n}.rank") for n in range(200)))
    text = text_of(checklist_pdf(ready, review, today=TODAY, draft=False))
    assert all(f"Where: Nominee {n + 1}, rank" in text for n in range(200))


def test_instructions_name_every_blank_left_blank(ready: Answers) -> None:
    for edition in all_editions():
        if edition.model is None:
            continue
        form = FormOnHand(edition=edition, data=b"%PDF-")
        text = text_of(signing_instructions(ready, [form], today=TODAY, draft=False))
        for blank in edition.left_blank:
            # Blanks of one page and heading stand in one row: "date; signature; title, under “For ICE”".
            word, under, heading = blank.label.partition(", under ")
            assert re.search(rf"{re.escape(word)}(; [^;]+)*{re.escape(under + heading)}", text), blank.label
        for said in ("300 dpi", "15 MB", "20 MB", "ERO287g@ice.dhs.gov", "within one business day"):
            assert said in text


def test_instructions_tell_of_a_form_that_is_not_there(ready: Answers) -> None:
    text = text_of(signing_instructions(ready, [form_of("TTFM", None)], today=TODAY, draft=False))
    assert "02-entry-sheet-ttfm.pdf" in text
    assert "02-moa-ttfm.pdf" not in text


@pytest.mark.parametrize("model", ["JEM", "TFM", "TTFM", "WSO"])
def test_entry_sheet_lists_every_blank_with_what_to_write(ready: Answers, model: Model) -> None:
    form = form_of(model, None)
    written = plan_blanks(form, ready).blanks
    text = text_of(entry_sheet(form, written, ready, today=TODAY, draft=False))
    for item in written:
        assert item.entry.label in text
        assert item.text in text
    assert "Do not sign it and do not send it" in text
    known = model != "TTFM"
    assert ("Add the downloaded form to this program" in text) is form.edition.fillable
    assert ("Compare the revision printed" in text) is (form.edition.revision_text is not None)
    assert ("This program does not know the blanks of this form" in text) is not known
    assert ("“Official forms”, “Map a form”" in text) is not form.edition.fillable
    assert "page not known" not in text
    assert ("Page Blank Write" in text) is known


@pytest.mark.parametrize("edition", [edition for edition in all_editions() if edition.model], ids=lambda e: e.name)
def test_entry_sheet_names_every_page_of_a_footer(ready: Answers, edition: Edition) -> None:
    form = FormOnHand(edition=edition)
    document = compose_entry_sheet(form, plan_blanks(form, ready).blanks, ready, today=TODAY, draft=False)
    rows = [row for block in document.blocks if isinstance(block, Table) for row in block.rows]
    footers = [row for row in rows if "footer of every page" in row[1]]
    assert all(row[0] == f"1–{edition.pages}" for row in footers)
    assert bool(footers) is any("footer" in entry.label for entry in edition.entries)


def test_entry_sheet_without_any_map_says_what_is_likely_asked(ready: Answers) -> None:
    form = form_of("TTFM", None)
    bare = replace(form, edition=replace(form.edition, entries=(), left_blank=()))
    text = text_of(entry_sheet(bare, (), ready, today=TODAY, draft=True))
    assert "This program does not know the blanks of this form" in text
    assert "Jordan Núñez" in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nominees.0.law_enforcement_since", "Nominee 1, law enforcement since"),
        ("agency.address.zip", "Agency, address, zip"),
        ("ice.opla_location", "ICE office, OPLA office"),
        ("editions.WSO", "Edition of the WSO form"),
        ("p. 9, Title", "p. 9, Title"),
        ("", ""),
    ],
)
def test_a_place_is_named_in_words(path: str, words: str) -> None:
    assert place_in_words(path) == words
