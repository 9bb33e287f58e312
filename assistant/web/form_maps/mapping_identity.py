"""The page on which a person says which form a draft map is of: the agreement, the date on it, title and words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from assistant.editions.edition_files import iso_date
from assistant.mapping.confirm import DeclaredIdentity
from assistant.mapping.identity import FORMS
from assistant.services.application.merging import merge_values
from assistant.services.form_maps.form_drafts import what_is_wrong
from assistant.web.kit.choices import ConflictRow, chosen_for, describe_save, hidden_fields, read_asked
from assistant.web.kit.context import today
from assistant.web.kit.fields import Choice, Day, LineField
from assistant.web.kit.page_errors import errors_of
from assistant.web.kit.page_forms import MODEL_NAMES, PageForm, answer_of, shown_answer
from assistant.web.kit.signed_values import read_shown, sign_shown
from assistant.web.wizard.page_merge import field_names, keep_untouched

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from assistant.services.application.merging import Merge
    from assistant.services.form_maps.form_drafts import OpenedDraft

FORM_NAMES = {form_id: MODEL_NAMES[model] if model else "Letter of Interest" for form_id, model in FORMS.items()}
PRINTED = {"yes": "Yes, and I will enter it below", "no": "No; I will enter the day ICE published it or gave it out"}


class IdentityForm(PageForm):
    """Which form it is."""

    form_id = Choice("Which form is it?", choices=list(FORM_NAMES.items()))
    printed = Choice(
        "Is a revision date printed on its first page?",
        choices=list(PRINTED.items()),
        hint="It is usually at the bottom of the page. A form without one is shown as “no revision printed”.",
    )
    day = Day("Revision date, or the day it was published", named="the date")
    title = LineField("Title", named="the title", hint="This program uses it as the edition’s name.", longest=200)
    words = LineField(
        "Words that identify it",
        named="the words",
        hint="Use words printed on its first page, such as the line of the title that names the model. Spaces do not "
        "count.",
    )

    def merge_with(self, draft: OpenedDraft, base: Mapping[str, Any] | None, entered: Mapping[str, Any]) -> Merge[str]:
        """Return what the page says, merged with what is saved of the draft.

        ``base`` is what the page showed (None: what is saved now), ``entered`` what it says, without the answers for
        which somebody else's were chosen.
        """
        theirs = IdentityForm.of_draft(draft).entries()
        fields = dict(self.questions())
        base = theirs if base is None else base
        return merge_values(base, keep_untouched(fields, base, entered), theirs)

    def conflict_rows(self, draft: OpenedDraft, keys: Collection[str] | None = None) -> list[ConflictRow]:
        """Return the rows that ask which answer to keep; ``keys`` None stands for those of the page that was sent."""
        fields_asked = read_asked(self.names()) if keys is None else keys
        theirs = IdentityForm.of_draft(draft).entries()
        return [
            ConflictRow(
                key=name,
                label=field.label.text,
                mine=shown_answer(field, answer_of(field)),
                theirs=shown_answer(field, theirs[name]),
                saved=describe_save(draft.row.changed_at),
                hidden=hidden_fields(*field_names(field)),
                choice=chosen_for(name) if keys is None else "",
            )
            for name, field in self.questions()
            if name in fields_asked and not field.errors
        ]

    @classmethod
    def of_draft(cls, draft: OpenedDraft, formdata: Any = None) -> IdentityForm:
        """Return the page as the draft has it, with what was typed over it."""
        identity = draft.identity
        printed = "no" if identity.text_sha256 else "yes" if identity.revision_text else None
        stored = {
            "form_id": identity.form_id if identity.form_id in FORMS else None,
            "printed": printed,
            "day": _day_of(draft),
            "title": identity.title if identity.form_id in FORMS else "",
            "words": identity.words,
        }
        return cls(formdata, stored.get)

    def declared_identity(self, draft: OpenedDraft) -> DeclaredIdentity | None:
        """Return what the page says, None where something does not fit: then its fields hold errors."""
        self.validate()
        declared = DeclaredIdentity(
            form_id=self.form_id.data or "",
            day=self.day.data,
            printed=self.printed.data == "yes",
            title=self.title.data or "",
            words=self.words.data or "",
            on=today(),
        )
        wrong = what_is_wrong(draft, declared)
        orders = {
            "form_id": None if self.form_id.data else "Choose which form it is.",
            "printed": None if self.printed.data else "Choose whether a revision date is printed.",
            "day": None if self.day.data else "Enter the date.",
            "title": None if self.title.data else "Enter a title.",
        }
        for name, field in self.questions():
            if not field.errors and (message := orders.get(name) or wrong.get(name)):
                field.errors = [message]
        return None if errors_of(self) else declared


def sign_identity(draft: OpenedDraft) -> str:
    """Return what the page shows of a draft as it is saved, as the page carries it along."""
    values = IdentityForm.of_draft(draft).entries()
    return sign_shown(_place(draft), {**values, "day": values["day"].isoformat() if values["day"] else None})


def read_identity(draft: OpenedDraft, sent: str) -> dict[str, object]:
    """Return what the page showed; nothing where that is not known."""
    values = read_shown(_place(draft), sent)
    return {**values, "day": date.fromisoformat(values["day"]) if values["day"] else None} if values else {}


def _place(draft: OpenedDraft) -> str:
    return f"{draft.row.public_id}/form"


def _day_of(draft: OpenedDraft) -> date | None:
    """Return the day that a draft's edition is called by."""
    text = (
        draft.identity.edition_id.partition(".")[0]
        if draft.identity.text_sha256
        else iso_date(draft.identity.revision_text)
    )
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:  # what looks like a stamp is no day
        return None
