"""The signatory's brief: what is signed, the duties, the costs, what is open, how it ends; a page a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, Items, PaperDocument, PaperHeading, Paragraph
from assistant.documents.setting import to_pdf
from assistant.documents.wording import agency_name, banner, counted, model_name, models_in_order, text_or_mark
from assistant.editions.formats import join_with_and, long_date
from assistant.program.models import get_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.documents.checklist import ChecklistReview
    from assistant.editions.catalog import Edition
    from assistant.program.models import SourcedStatement

PLACE = "signatory-brief.pdf"
SECTIONS = (
    ("What it lets officers do", ("delegates",)),
    ("What it does not allow", ("forbids",)),
    ("Duties of the agency", ("complaints", "reporting", "requires")),
    ("What the agency pays", ("agency_pays",)),
    ("What ICE pays", ("ice_pays",)),
    ("How it starts and ends", ("effective", "ending")),
)
SURENESS_WORDS = {
    "secondary": " (reported, not in the agreement)",
    "uncertain": " (not certain: ask ICE)",
    "text read": "",
    "not published": "",
}
MOST_OPEN_POINTS = 6
TEXT_SIZE = 9.0  # points, so that a model stays on a page


def signatory_brief(
    answers: Answers, editions: Mapping[Model, Edition], review: ChecklistReview, *, today: date
) -> bytes:
    """Return the brief as a PDF; it names no nominee.

    Raises:
        FillError: a letter cannot be printed.
    """
    return to_pdf(compose_brief(answers, editions, review, today=today))


def compose_brief(
    answers: Answers, editions: Mapping[Model, Edition], review: ChecklistReview, *, today: date
) -> PaperDocument:
    """Return what the brief says."""
    name = agency_name(answers)
    models = models_in_order(answers.models)
    who = text_or_mark(answers.signatory.full_name, "signatory’s name")
    title = text_or_mark(answers.signatory.title, "signatory’s title")
    blocks: list[Block] = [
        PaperHeading(text=f"Before you sign – {name}", level=1),
        Paragraph(text=f"For {who}, {title}. As of {long_date(today)}.", bold=True),
        PaperHeading(text="What you sign"),
        Items(items=("The letter of interest.", *(_document(model, editions.get(model)) for model in models))),
        PaperHeading(text="What is still open"),
        *_open_points(review),
    ]
    for model in models:
        blocks += _model_blocks(model)
    blocks.append(
        Paragraph(
            text=(
                "In the words of this program; the places of the agreement are in brackets. Read the agreement itself, "
                "and ask counsel. This is no legal advice."
            ),
            small=True,
        )
    )
    return PaperDocument(
        title=f"Before you sign – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=banner(draft=not review.ready),
        text_size=TEXT_SIZE,
        place=PLACE,
    )


def _document(model: Model, edition: Edition | None) -> str:
    if edition is None:
        return f"The agreement for the {model_name(model)}, whose form is not added yet."
    page = f": sign on page {edition.signing_page}" if edition.signing_page else ""
    pages = f", {counted(edition.pages, 'page', 'pages')}" if edition.pages else ""
    return f"{edition.title}{pages}{page}."


def _open_points(review: ChecklistReview) -> list[Block]:
    """Return what the review says, without nominees' names: how many, and the first few about the agency itself."""
    counts = {severity: sum(f.severity == severity for f in review.findings) for severity in ("blocker", "warning")}
    if not any(counts.values()):
        return [Paragraph(text="Nothing: the review found no blocker and no warning.")]
    parts = [
        counted(counts["blocker"], "point blocks the bundle", "points block the bundle"),
        counted(counts["warning"], "point is to be checked", "points are to be checked"),
    ]
    about_agency = [f.message for f in review.findings if f.severity != "note" and not f.where.startswith("nominees")]
    points = list(dict.fromkeys(about_agency))[:MOST_OPEN_POINTS]
    blocks: list[Block] = [Paragraph(text=f"{join_with_and(parts)}. The checklist has all of them.")]
    return [*blocks, Items(items=tuple(points))] if points else blocks


def _model_blocks(model: Model) -> list[Block]:
    card = get_model(model)
    blocks: list[Block] = [PaperHeading(text=f"{card.name} ({model})"), Paragraph(text=card.purpose)]
    for heading, topics in SECTIONS:
        statements = [statement for topic in topics for statement in card.on(topic)]
        texts = tuple(dict.fromkeys(_line(statement) for statement in statements))
        blocks += [PaperHeading(text=heading, level=3), Items(items=texts)]
    return blocks


def _line(statement: SourcedStatement) -> str:
    """Return a statement with its place in the agreement, or with how it is known where it is not in it."""
    if statement.sureness != "text read" or statement.citation is None:
        return f"{statement.text}{SURENESS_WORDS[statement.sureness]}"
    lead = "Complaints: " if statement.topic == "complaints" else ""
    place = (statement.citation.section, f"p. {statement.citation.page}" if statement.citation.page else None)
    return f"{lead}{statement.text} [{', '.join(part for part in place if part)}]"
