"""The signing-day sheet: each page to sign as a small picture, where to sign, boxes to tick, a code of the bundle.

A paper of its own beside the bundle; the official forms are drawn as pictures and never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, Items, PaperDocument, PaperHeading, Paragraph, PictureWithChecks
from assistant.documents.code_picture import code_picture
from assistant.documents.letter_picture import letter_to_sign
from assistant.documents.setting import to_pdf
from assistant.documents.signing_instructions import ON_PAPER
from assistant.documents.signing_picture import page_to_sign, pages_to_sign
from assistant.documents.wording import agency_name, counted, text_or_mark
from assistant.editions.formats import long_date
from assistant.pdf.viewer.render import page_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from assistant.answers import Answers
    from assistant.documents.blocks import Picture
    from assistant.editions.catalog import Edition

PLACE = "signing-day.pdf"
PICTURE_SHARE, CODE_SHARE = 0.5, 0.16
SCAN_HINT = (
    "Keep this sheet with the paper. It is not sent to ICE. Each code names the bundle, the file and the page, so that "
    "a scan of this sheet shows which bundle was signed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperToSign:
    """A file of the bundle to sign; ``edition`` is None for the agency's own letter."""

    name: str
    title: str
    data: bytes
    edition: Edition | None


def signing_day_sheet(
    answers: Answers, papers: Sequence[PaperToSign], *, reference: str, made_on: date, missing: Sequence[str] = ()
) -> bytes:
    """Return the sheet as a PDF.

    Args:
        answers: what the bundle was made from.
        papers: its files to sign, in their order.
        reference: the short name of the bundle, ASCII: "A1B2C3D4".
        made_on: the day on which the bundle was made.
        missing: names of the models whose official form is not in the bundle.

    Raises:
        PdfError: a file cannot be opened.
        FillError: a letter cannot be printed.
    """
    name = agency_name(answers)
    who = text_or_mark(answers.signatory.full_name, "signatory’s name")
    title = text_or_mark(answers.signatory.title, "signatory’s title")
    blocks: list[Block] = [
        PaperHeading(text=f"Signing day – {name}", level=1),
        Paragraph(text=f"{who}, {title}, signs. Bundle {reference}, made on {long_date(made_on)}.", bold=True),
        Paragraph(text=f"{ON_PAPER} Tick each box when it is done. {SCAN_HINT}"),
    ]
    if missing:
        blocks.append(
            Items(
                items=tuple(
                    f"{model}: the official form is not in this bundle. Add the blank form, and export again."
                    for model in missing
                )
            )
        )
    for paper in papers:
        blocks += _blocks_of(paper, reference, who)
    return to_pdf(
        PaperDocument(
            title=f"287(g) signing day – {name}",
            agency=name,
            day=made_on,
            blocks=tuple(blocks),
            place=PLACE,
            foot=f"Bundle {reference}. A paper for your desk: do not send it to ICE.",
        )
    )


def code_text(reference: str, name: str, page: int, pages: int) -> str:
    """Return what a code says: "287G A1B2C3D4 02-moa-tfm.pdf 9/14"."""
    return f"287G {reference} {name} {page}/{pages}"


def _blocks_of(paper: PaperToSign, reference: str, who: str) -> Iterator[Block]:
    pages = page_count(paper.data)
    pictures = list(_pictures(paper, pages))
    if not pictures:
        yield PaperHeading(text=paper.title)
        yield Paragraph(
            text=f"{paper.name}: this program does not know which page to sign. Look for the agency’s lines."
        )
    for number, (page, picture) in enumerate(pictures):
        code = code_text(reference, paper.name, page, pages)
        yield PictureWithChecks(
            picture=picture,
            heading=paper.title,
            lines=(f"{paper.name}, page {page} of {pages}",),
            checks=_checks(paper, page, pages, who, last=number == len(pictures) - 1),
            code=code_picture(code, share=CODE_SHARE),
            caption=code,
        )


def _pictures(paper: PaperToSign, pages: int) -> Iterator[tuple[int, Picture]]:
    if paper.edition is None:
        if (picture := letter_to_sign(paper.data, pages, share=PICTURE_SHARE)) is not None:
            yield pages, picture
        return
    for page in pages_to_sign(paper.edition):
        if (picture := page_to_sign(paper.edition, paper.data, page, share=PICTURE_SHARE)) is not None:
            yield page, picture


def _checks(paper: PaperToSign, page: int, pages: int, who: str, *, last: bool) -> tuple[str, ...]:
    checks = [f"Page {page} is signed by {who}, in the marked place.", "That day’s date is written by hand."]
    if paper.edition is not None:
        checks.append("Nothing is written on ICE’s side.")
    if last:
        checks += [
            f"{counted(pages, 'page is', 'pages are')} there, in order.",
            f"Scanned: one PDF, {counted(pages, 'page', 'pages')}, 300 dpi.",
        ]
    return tuple(checks)
