"""Page errors: text beside a box, and the same text in the summary at the top, linked to the box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.errors import BusyError
    from assistant.web.kit.page_forms import PageForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PageError:
    """One line of the summary; without an id it concerns the page as a whole."""

    message: str
    id: str = ""


def errors_of(page_form: PageForm) -> list[PageError]:
    """Return the errors of a page in the order of its questions; a group's id is that of its first box."""
    return [PageError(message=str(field.errors[0]), id=field.id) for _, field in page_form.questions() if field.errors]


def page_error(message: str) -> list[PageError]:
    """Return an error that concerns the whole page."""
    return [PageError(message=message)]


def busy_error(error: BusyError, box: str) -> list[PageError]:
    """Return the error for a file that nobody had time to read: a browser sends it only once it is chosen again."""
    return [PageError(message=f"{error} Your file was not saved, so choose it again.", id=box)]
