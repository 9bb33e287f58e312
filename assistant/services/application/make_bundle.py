"""The bundle of an application: reviewed, its forms filled and read back, packed.

Opens no database: the same for the wizard, for an answers file and for a batch of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.bundle import bundle
from assistant.documents import proof, signature_pages
from assistant.documents.wording import agency_name, models_in_order
from assistant.editions.library import fill_form
from assistant.errors import BlockedError
from assistant.garbage import collector_paused
from assistant.services.application.review import chosen_forms, chosen_letter, review

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.editions.library import FormLibrary, FormOnHand
    from assistant.rules import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A bundle just made, and all it was made from; ``data`` is the ZIP."""

    data: bytes
    answers: Answers
    review: Review
    forms: Mapping[Model, FormOnHand]
    letter: FormOnHand | None
    """ICE's Letter of Interest; None: the letter is the agency's own."""
    today: date
    draft: bool

    @property
    def sha256(self) -> str:
        """Return the hash of the ZIP."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def name(self) -> str:
        """Return the file name to save it under."""
        return f"{bundle.folder_name(self.answers, self.today)}.zip"


def make(answers: Answers, library: FormLibrary, *, today: date, draft: bool) -> Made:
    """Return the bundle; a draft is marked as one on every page.

    Raises:
        AnswersError: the answers stay with an edition that is known no more.
        BlockedError: a blocker stands, and this is no draft.
        FillError: a filled form does not read back as it was meant.
    """
    with collector_paused():
        return _make(answers, library, today=today, draft=draft)


def _make(answers: Answers, library: FormLibrary, *, today: date, draft: bool) -> Made:
    forms = chosen_forms(answers, library)
    found = review(answers, library, today=today)
    if not found.ready and not draft:
        blockers = found.counts["blocker"]
        amount = "One finding blocks" if blockers == 1 else f"{blockers} findings block"
        raise BlockedError(f"{amount} the export; resolve what the checklist names, or export a draft.")
    filled = {m: fill_form(forms[m], answers, draft=draft) for m in sorted(forms) if forms[m].data is not None}
    moas = {model: form.data for model, form in filled.items()}
    held = chosen_letter(answers, library)
    letter = fill_form(held, answers, draft=draft) if held else None
    proven = [*([letter] if letter else []), *filled.values()]
    paper = bundle.on_paper(answers, draft=draft)
    in_order = [filled[model] for model in models_in_order(filled)]
    signed = signature_pages.signature_pages(in_order, agency=agency_name(paper), made=today)
    extra = {signature_pages.PLACE: signed} if signed else {}
    extra[proof.PLACE] = proof.proof_pdf(paper, proven, today=today, draft=draft)
    data = bundle.build(
        answers, forms, found, paper=paper, today=today, draft=draft, moas=moas, letter=letter, extra=extra
    )
    return Made(data=data, answers=answers, review=found, forms=forms, letter=held, today=today, draft=draft)


def export(answers: Answers, library: FormLibrary, *, today: date, draft: bool) -> bytes:
    """Return the ZIP of the bundle.

    Raises:
        AnswersError, BlockedError, FillError: as ``make``.
    """
    return make(answers, library, today=today, draft=draft).data
