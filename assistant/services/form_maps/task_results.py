"""What the tasks of ``draft_tasks`` return from the sandbox, as JSON; files are in base64."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from assistant.mapping.identity import IdentityDocument
    from assistant.mapping.lines import MapDocument


class ProposedForm(TypedDict):
    """A proposed map, the pages (from 1) that nothing can be written on, and why the copy cannot be used, or ""."""

    map: MapDocument
    sideways: list[int]
    known_edition: str | None
    filled: str
    unfit: str


class PageSize(TypedDict):
    """A page's box in points, and by how many degrees it is shown turned."""

    box: list[float]
    rotate: int


class FormPages(TypedDict):
    """The pages of a form, and those (from 1) that nothing can be written on."""

    pages: list[PageSize]
    sideways: list[int]


class ConfirmedIdentity(TypedDict):
    """What does not fit of a declared identity, by its part; the ``Identity`` field by field where all fits."""

    wrong: dict[str, str]
    identity: IdentityDocument | None


class LostText(TypedDict):
    """A text that its blank could not hold; the page counts from 1."""

    page: int
    label: str
    text: str


class FilledTrial(TypedDict):
    """A trial fill: the PDF, its pages, what was left out, and how many blanks had a text."""

    pdf: str
    pages: int
    left_out: list[LostText]
    tried: int


class CheckedDraft(TypedDict):
    """The edition that a form is known as, how its map does not fit, and why it is refused; "" where it is not."""

    known_edition: str | None
    misfit: str
    unfillable: str
    filled: str


class LabelledForm(TypedDict):
    """A copy in which every field shows its name, and how many fields there are."""

    pdf: str
    fields: int
