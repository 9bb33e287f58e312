"""The roster of nominees as a PDF: one row a person, each criterion that counts met, not met or not known.

No result and no content of a check stands here: only that it was done, and when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers import years_between
from assistant.documents.blocks import Block, PaperDocument, PaperHeading, Paragraph, Table, TableColumn
from assistant.documents.setting import to_pdf
from assistant.documents.wording import (
    agency_name,
    banner,
    counted,
    model_name,
    models_in_order,
    short_date,
    text_or_mark,
    yes_no,
)
from assistant.editions.formats import join_with_and, long_date
from assistant.program import criteria_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from assistant.answers import Answers, Model, Nominee

PLACE = "03-nominee-roster.pdf"
NOT_COUNTED = "n/a"
NO_NOMINEES = (
    "No nominees yet. You may nominate after ICE signs. Then add the nominees to the application and make the "
    "bundle again."
)

# The answers that are truth values, with the heads of their columns in a table.
CRITERIA: Mapping[str, str] = {
    "us_citizen": "U.S. citizen",
    "enforced_laws": "Has enforced laws",
    "facility_security_trained": "Trained in facility security",
    "enforced_inmate_rules": "Has enforced inmate rules",
    "inmate_rules_authority": "Authority on inmate rules",
}


def roster_pdf(answers: Answers, *, today: date, draft: bool) -> bytes:
    """Return the roster as a landscape PDF.

    Raises:
        FillError: a letter of somebody's name cannot be printed.
    """
    return to_pdf(compose_roster(answers, today=today, draft=draft))


def compose_roster(answers: Answers, *, today: date, draft: bool) -> PaperDocument:
    """Return what the roster says."""
    name = agency_name(answers)
    blocks: list[Block] = [
        PaperHeading(text=f"Nominee roster – {name}", level=1),
        Paragraph(text=f"As of {long_date(today)}. {_summary(answers)}"),
    ]
    if answers.nominees:
        blocks += [
            _table(answers, today),
            Paragraph(
                text=f"“Not known” means that no one has answered yet. “{NOT_COUNTED}” means that the criterion does "
                "not apply to this person’s models. Each entry is the agency’s own statement. ICE’s page does "
                "not ask you to send the roster with the letter and the MOA. Keep it until ICE asks for "
                "nominations. It contains personnel information.",
                small=True,
            ),
        ]
    else:
        blocks.append(Paragraph(text=NO_NOMINEES))
    return PaperDocument(
        title=f"Nominee roster – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        banner=banner(draft=draft),
        landscape=True,
        text_size=9.5,
        place=PLACE,
    )


def counted_fields(model: Model) -> frozenset[str]:
    """Return the answers of a nominee that a criterion of this model reads."""
    return frozenset(field for criterion in criteria_for(model) for field in criterion.fields)


def background(nominee: Nominee) -> str:
    """Return "completed Nov 3, 2025", "pending" or "not known"; never a result."""
    if nominee.background_investigation != "completed":
        return nominee.background_investigation or "not known"
    day = nominee.background_completed_on
    return f"completed {short_date(day)}" if day else "completed, no date"


def _summary(answers: Answers) -> str:
    models = models_in_order([*answers.models, *(model for nominee in answers.nominees for model in nominee.models)])
    each = [f"{sum(1 for _ in answers.nominees_for(model)):,} for the {model_name(model)}" for model in models]
    return f"{counted(len(answers.nominees), 'nominee', 'nominees')}{': ' + join_with_and(each) if each else ''}."


def _table(answers: Answers, today: date) -> Table:
    models = {model for nominee in answers.nominees for model in nominee.models} or set(answers.models)
    fields = {model: counted_fields(model) for model in models}
    columns_for = [field for field in CRITERIA if any(field in counting for counting in fields.values())]
    service = any("law_enforcement_since" in counting for counting in fields.values())
    columns = [
        TableColumn(title="No.", share=24),
        TableColumn(title="Name", share=132, header=True),
        TableColumn(title="Rank", share=62),
        TableColumn(title="Badge", share=42),
        TableColumn(title="Models", share=56),
        TableColumn(title="Background investigation", share=92),
        *([TableColumn(title="Officer since", share=92)] if service else []),
        *(TableColumn(title=CRITERIA[field], share=51) for field in columns_for),
    ]
    rows = []
    for number, nominee in enumerate(answers.nominees, 1):
        counting = frozenset[str]().union(*(fields[model] for model in nominee.models))
        rows.append(
            (
                str(number),
                text_or_mark(nominee.full_name, "name"),
                nominee.rank or "",
                nominee.badge_number or "",
                ", ".join(nominee.models) or "none",
                background(nominee),
                *([_service(nominee, counting, today)] if service else []),
                *(yes_no(getattr(nominee, field)) if field in counting else NOT_COUNTED for field in columns_for),
            )
        )
    completed = sum(nominee.background_investigation == "completed" for nominee in answers.nominees)
    people = len(answers.nominees)
    yes_counts = [
        _count_met([row[len(columns) - len(columns_for) + place] for row in rows]) for place in range(len(columns_for))
    ]
    totals = (
        "",
        f"Total: {people:,}",
        "",
        "",
        "",
        f"{completed:,} of {people:,} completed",
        *([""] if service else []),
        *yes_counts,
    )
    return Table(columns=tuple(columns), rows=tuple(rows), totals=totals, small=True)


def _count_met(cells: list[str]) -> str:
    return f"{cells.count('yes'):,} of {len(cells) - cells.count(NOT_COUNTED):,} yes"


def _service(nominee: Nominee, counting: frozenset[str], today: date) -> str:
    if "law_enforcement_since" not in counting:
        return NOT_COUNTED
    if nominee.law_enforcement_since:
        years = years_between(nominee.law_enforcement_since, today)
        return f"{short_date(nominee.law_enforcement_since)} ({counted(max(years, 0), 'year', 'years')})"
    if nominee.law_enforcement_years is not None:
        return f"{nominee.law_enforcement_years:g} years in total"
    return "not known"
