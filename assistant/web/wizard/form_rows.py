"""The official forms as an application needs them: one row a model, have it, older than known, or missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.answers import MODELS
from assistant.editions.catalog import editions_for
from assistant.web.kit.page_forms import MODEL_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answers import Model
    from assistant.editions.library import FormLibrary

FormState = Literal["Have it", "Older than known", "Missing", "Not published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """The form of one model: ``revision`` is that on hand, ``newest`` the newest known; "" where there is none."""

    model: Model
    name: str
    state: FormState
    revision: str
    newest: str
    is_applied_for: bool


def form_rows(library: FormLibrary, models: Sequence[Model]) -> list[FormRow]:
    """Return a row for each model, those applied for first."""
    rows = [_row(library, model, is_applied_for=model in models) for model in MODELS]
    return sorted(rows, key=lambda row: not row.is_applied_for)


def _row(library: FormLibrary, model: Model, *, is_applied_for: bool) -> FormRow:
    newest = editions_for(model)[0]
    on_hand = [form.edition for form in library.on_hand() if form.edition.model == model]
    best = max(on_hand, key=lambda edition: edition.revision, default=None)
    state: FormState
    if best is not None:
        state = "Have it" if best.revision >= newest.revision else "Older than known"
    else:
        state = "Missing" if newest.fillable else "Not published"
    return FormRow(
        model=model,
        name=MODEL_NAMES[model],
        state=state,
        revision=best.revision_label if best else "",
        newest=newest.revision_label if newest.fillable else "",
        is_applied_for=is_applied_for,
    )
