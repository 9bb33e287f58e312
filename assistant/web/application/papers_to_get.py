"""What an agency gets in the end, and how much there is to do, for the first page; both counted, nothing promised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.web.nominees.nominee_forms import CriteriaForm, PersonForm
from assistant.web.wizard.steps import STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperToGet:
    """A paper of the bundle: what it is, what it is for, and how its file's name goes on after the number."""

    title: str
    about: str
    file: str


PAPERS: tuple[tuple[str, tuple[PaperToGet, ...]], ...] = (
    (
        "To sign and send",
        (
            PaperToGet(
                title="Agreement for each model",
                about="ICE’s own form, filled in. Without the blank form: a sheet of what to write.",
                file="moa-",
            ),
            PaperToGet(title="Letter of interest", about="To ICE, ready to sign.", file="letter-of-interest"),
        ),
    ),
    (
        "To work with and keep",
        (
            PaperToGet(title="Signing instructions", about="Who signs where, and in what order.", file="signing-"),
            PaperToGet(title="Nominee roster", about="As a PDF and as a spreadsheet.", file="nominee-roster"),
            PaperToGet(title="Checklist", about="What the review says, and each next step.", file="checklist"),
            PaperToGet(title="Email draft", about="You send it yourself. This program sends nothing.", file="email"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class AmountOfWork:
    """How many steps and questions there are, and how many questions for each nominee at most."""

    steps: int
    questions: int
    questions_per_nominee: int


@cache
def amount_of_work() -> AmountOfWork:
    """Count the questions of all pages."""
    questions = sum(len(step.page_form.paths()) for step in STEPS if step.page_form)
    return AmountOfWork(len(STEPS), questions, len(PersonForm.names()) + len(CriteriaForm.names()))
