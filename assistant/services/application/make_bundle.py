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
from assistant.editions.form_plan import fill_planned
from assistant.errors import BlockedError
from assistant.garbage import collector_paused
from assistant.services.application.plan import plan_application
from assistant.services.application.review import review_plan

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.editions.library import FormLibrary, FormOnHand
    from assistant.rules import Review
    from assistant.services.application.plan import ApplicationPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBundle:
    """A bundle just made, and all it was made from; ``data`` is the ZIP."""

    data: bytes
    plan: ApplicationPlan
    review: Review
    today: date
    draft: bool

    @property
    def answers(self) -> Answers:
        """Return the answers."""
        return self.plan.answers

    @property
    def forms(self) -> dict[Model, FormOnHand]:
        """Return the form of each model."""
        return {model: plan.form for model, plan in self.plan.agreements.items()}

    @property
    def letter(self) -> FormOnHand | None:
        """Return ICE's Letter of Interest; None: the letter is the agency's own."""
        return self.plan.letter.form if self.plan.letter else None

    @property
    def sha256(self) -> str:
        """Return the hash of the ZIP."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def name(self) -> str:
        """Return the file name to save it under."""
        return f"{bundle.folder_name(self.answers, self.today)}.zip"


def make(answers: Answers, library: FormLibrary, *, today: date, draft: bool) -> MadeBundle:
    """Return the bundle of answers that nothing is planned for yet; see ``make_planned``, whose errors these are."""
    with collector_paused():
        return _make(plan_application(answers, library), today=today, draft=draft)


def make_planned(
    plan: ApplicationPlan, *, today: date, draft: bool, approval: proof.ApprovalFact | None = None
) -> MadeBundle:
    """Return the bundle of a planned application; a draft is marked as one on every page.

    ``approval`` is that of exactly this plan: its proof names it.

    Raises:
        AnswersError: the answers name an edition that is known no more.
        BlockedError: a blocker stands, and this is no draft.
        FillError: a filled form does not read back as it was meant.
    """
    with collector_paused():
        return _make(plan, today=today, draft=draft, approval=approval)


def _make(plan: ApplicationPlan, *, today: date, draft: bool, approval: proof.ApprovalFact | None = None) -> MadeBundle:
    plan.require_editions()
    review_result = review_plan(plan, today=today)
    if not review_result.ready and not draft:
        blockers = review_result.counts["blocker"]
        amount = "One finding blocks" if blockers == 1 else f"{blockers} findings block"
        raise BlockedError(f"{amount} the export. Fix what the checklist lists, or export a draft.")
    forms = {m: agreement for m, agreement in sorted(plan.agreements.items()) if agreement.form.data is not None}
    filled = {model: fill_planned(agreement, draft=draft) for model, agreement in forms.items()}
    moas = {model: form.data for model, form in filled.items()}
    letter = fill_planned(plan.letter, draft=draft) if plan.letter else None
    proven = [*([letter] if letter else []), *filled.values()]
    paper = bundle.on_paper(plan.answers, draft=draft)
    in_order = [filled[model] for model in models_in_order(filled)]
    signed = signature_pages.signature_pages(in_order, agency=agency_name(paper), day=today)
    extra = {signature_pages.PLACE: signed} if signed else {}
    extra[proof.PLACE] = proof.proof_pdf(paper, proven, today=today, draft=draft, approval=approval)
    data = bundle.build(
        plan.answers,
        plan.agreements,
        review_result,
        paper=paper,
        today=today,
        draft=draft,
        moas=moas,
        letter=letter,
        extra=extra,
    )
    return MadeBundle(data=data, plan=plan, review=review_result, today=today, draft=draft)


def export(answers: Answers, library: FormLibrary, *, today: date, draft: bool) -> bytes:
    """Return the ZIP of the bundle.

    Raises:
        AnswersError, BlockedError, FillError: as ``make``.
    """
    return make(answers, library, today=today, draft=draft).data
