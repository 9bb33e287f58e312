"""The board packet: agenda item, fact sheet with sources, questions that boards asked, a draft resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, Items, PaperDocument, PaperHeading, Paragraph, Table, TableColumn
from assistant.documents.setting import to_pdf
from assistant.documents.signatory_brief import SURENESS_WORDS
from assistant.documents.wording import agency_name, model_name, models_in_order, text_or_mark
from assistant.editions.formats import join_with_and, long_date
from assistant.program.board_questions import board_questions
from assistant.program.models import get_model, topics

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Answers, Model

PLACE = "board-packet.pdf"
COUNSEL = "DRAFT FOR COUNSEL – not legal advice"
BLANK = "______________"


def board_packet(answers: Answers, *, today: date) -> bytes:
    """Return the packet as a PDF; it names no nominee.

    Raises:
        FillError: a letter cannot be printed.
    """
    return to_pdf(compose_board_packet(answers, today=today))


def compose_board_packet(answers: Answers, *, today: date) -> PaperDocument:
    """Return what the packet says."""
    name = agency_name(answers)
    models = models_in_order(answers.models)
    approvals = answers.approvals
    body = BLANK if approvals.needs_no_body else approvals.governing_body or BLANK
    named = join_with_and([model_name(model) for model in models])
    blocks: list[Block] = [
        PaperHeading(text=f"287(g) agreement – for {body}", level=1),
        Paragraph(
            text=f"Prepared for {name} on {long_date(today)}. Every page is a draft for counsel to check.", bold=True
        ),
        PaperHeading(text="Agenda item"),
        Paragraph(
            text=f"To consider whether {name} may apply to take part in ICE’s 287(g) program under the {named}, and "
            f"whether {text_or_mark(answers.signatory.title, 'title of the person who signs')} may sign the agreement "
            "and the letter of interest.",
        ),
        PaperHeading(text="Fact sheet"),
        Paragraph(text="In our words, each line with its source. “Reported” is what others wrote about the agreement."),
    ]
    for model in models:
        blocks += _facts(model)
    blocks += [
        PaperHeading(text="Questions that boards asked"),
        *_questions(models),
        *_resolution(answers, named, body),
    ]
    return PaperDocument(
        title=f"287(g) board packet – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=COUNSEL,
        place=PLACE,
    )


def _facts(model: Model) -> list[Block]:
    card = get_model(model)
    rows = tuple(
        (
            topic.label if number == 0 else "",
            f"{statement.text}{SURENESS_WORDS[statement.sureness]}",
            str(statement.citation or ""),
        )
        for topic in topics()
        for number, statement in enumerate(card.on(topic.key))
    )
    columns = (
        TableColumn(title="Topic", share=0.18, header=True),
        TableColumn(title="What it says", share=0.57),
        TableColumn(title="Source", share=0.25),
    )
    return [
        PaperHeading(text=f"{card.name} ({model})", level=3),
        Paragraph(text=card.purpose, with_next=True),
        Table(columns=columns, rows=rows, small=True),
    ]


def _questions(models: tuple[Model, ...]) -> list[Block]:
    blocks: list[Block] = []
    for row in board_questions():
        cited = {
            f"{model}: {statement.citation}"
            for model in models
            for statement in (get_model(model).on(row.topic) if row.topic else ())
            if statement.citation
        }
        sources = [str(row.citation)] if row.citation else sorted(cited)
        blocks += [
            PaperHeading(text=row.question, level=3),
            Paragraph(text=row.answer, with_next=bool(sources)),
            *([Paragraph(text=f"Source: {'; '.join(sources)}.", small=True)] if sources else []),
        ]
    return blocks


def _resolution(answers: Answers, named: str, body: str) -> list[Block]:
    name = agency_name(answers)
    title = answers.signatory.title or BLANK
    return [
        PaperHeading(text="Draft resolution"),
        Paragraph(text="For counsel to rewrite. The blanks are for counsel and the clerk.", bold=True, with_next=True),
        Paragraph(text=f"Resolution No. {BLANK}", with_next=True),
        Items(
            items=(
                (
                    f"Whereas {name} proposes to enter into an agreement with U.S. Immigration and Customs Enforcement "
                    f"under section 287(g) of the Immigration and Nationality Act, 8 U.S.C. 1357(g), under the {named};"
                ),
                f"Whereas {body} is authorized to approve such an agreement under {BLANK};",
                "Whereas the agreement, its costs and its duties were presented on the record;",
                (
                    f"Resolved, that {body} approves the agreement in the form presented, and authorizes the {title} "
                    "to sign it and the letter of interest;"
                ),
                f"Resolved, that the costs are paid from {BLANK}, and that {BLANK} reports on them every {BLANK};",
                f"Resolved, that the {title} tells {body} before ending, renewing or changing the agreement.",
            )
        ),
        Paragraph(text=f"Adopted on {BLANK}. Ayes {BLANK}  Nays {BLANK}", with_next=True),
        Paragraph(text=f"Presiding officer {BLANK}{BLANK}   Clerk {BLANK}{BLANK}"),
    ]
