"""What is known of the program: the models compared, words, sources, contact, questions for counsel."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from assistant import program
from assistant.program.fact_register import all_facts, facts_no_longer_in_force, versions_of
from assistant.program.imported_facts import unreadable_imports
from assistant.program.offices import source_in_force
from assistant.web.kit.context import today
from assistant.web.reference.rule_cards import cards

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("program", __name__, url_prefix="/program")


@bp.get("/")
def models_page() -> ResponseReturnValue:
    """Show the models side by side."""
    return render_template("reference/program/models.html", cards=program.models(), table=program.side_by_side())


@bp.get("/counsel")
def counsel() -> ResponseReturnValue:
    """Show the questions to put to counsel, and what is recorded of State law."""
    laws = {name: notes for code, name in program.states().items() if (notes := program.state_laws(code))}
    return render_template("reference/program/counsel.html", laws=laws)


@bp.get("/glossary")
def glossary() -> ResponseReturnValue:
    """Show the words of the program."""
    return render_template("reference/program/glossary.html", terms=program.glossary())


@bp.get("/sources")
def sources() -> ResponseReturnValue:
    """Show what all this relies on, and when it was read."""
    return render_template(
        "reference/program/sources.html", sources=[source_in_force(source) for source in program.sources().values()]
    )


@bp.get("/facts")
def facts() -> ResponseReturnValue:
    """Show every fact with its source and its age, or those of one subject."""
    everything = all_facts()
    subjects = Counter(fact.subject for fact in everything)
    subject = request.args.get("subject", "")
    matching = [fact for fact in everything if subject not in subjects or fact.subject == subject]
    return render_template(
        "reference/program/facts.html",
        facts=[(fact, fact.age(today()), versions_of(fact)) for fact in matching],
        ended=[one for one in facts_no_longer_in_force() if subject not in subjects or one.fact.subject == subject],
        unreadable=unreadable_imports(),
        subjects=dict(subjects),
        subject=subject if subject in subjects else "",
        total=len(everything),
    )


@bp.get("/contact")
def contact() -> ResponseReturnValue:
    """Show how ICE is reached."""
    return render_template("reference/program/contact.html", contact=program.program_contact())


@bp.get("/rules")
def rules() -> ResponseReturnValue:
    """Show every rule and criterion with its sources, or those of one subject."""
    everything = cards(today())
    subjects = Counter(card.subject for card in everything)
    subject = request.args.get("subject", "")
    subject = subject if subject in subjects else ""
    matching = [card for card in everything if subject in {"", card.subject}]
    groups = [(name, list(group)) for name, group in groupby(matching, key=lambda card: card.subject)]
    return render_template(
        "reference/program/rules.html", groups=groups, subjects=dict(subjects), subject=subject, total=len(everything)
    )
