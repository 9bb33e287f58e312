"""Kinds of question, as WTForms fields. Each knows how its text is read, and refuses only what cannot be read.

What is missing or unfit is a finding of ``rules``, never an error beside a box. The look is in
``templates/kit/macros/question.html``, which asks a field for its ``kind``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from wtforms import Field, StringField
from wtforms.validators import ValidationError

from assistant.text import MONTHS, find_forbidden_character, holds_social_security_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LONGEST_LINE = 200
_SHORTEST_MONTH = 3  # letters: "sep", "sept" and "september" are all read
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def refuse_unreadable(text: str, *, name: str, longest: int = LONGEST_LINE) -> None:
    """Refuse text that no answer may hold.

    Raises:
        ValidationError: too long, a character that no document can hold, or a number like a Social Security number.
    """
    if len(text) > longest:
        raise ValidationError(f"Shorten {name} to {longest} characters or fewer; it has {len(text)}.")
    if character := find_forbidden_character(text):
        raise ValidationError(
            f"Delete {character} from {name}, because no document can hold it. Write {name} on one line."
        )
    if holds_social_security_number(text):
        raise ValidationError(
            f"Delete what looks like a Social Security number from {name}, because this program never stores one. "
            "If it is another number, check its digits."
        )


class Question:
    """What every kind of question has beside its field: how it is shown."""

    kind = "line"
    hint: str
    width: str
    autocomplete: str
    inputmode: str | None
    name_in_errors: str
    findings: Sequence[Any] = ()
    """What the review says of the saved answer; shown beside the question."""


class LineField(Question, StringField):
    """One line of text, kept to the letter; only the spaces around it go."""

    def __init__(
        self,
        label: str,
        *,
        named: str,
        hint: str = "",
        width: str = "xl",
        autocomplete: str = "off",
        inputmode: str | None = None,
        longest: int = LONGEST_LINE,
        suggestions: Callable[[], Sequence[str]] | None = None,
        **rest: Any,
    ) -> None:
        """Keep how the question looks; ``named`` is how an error calls it ("the legal name").

        ``suggestions`` is asked each time: the offices are facts, which can be imported while the server runs.
        """
        super().__init__(label, **rest)
        self.hint, self.width, self.autocomplete, self.inputmode = hint, width, autocomplete, inputmode
        self.name_in_errors, self.longest, self.suggestions = (
            named,
            longest,
            tuple(suggestions()) if suggestions else (),
        )

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the text; nothing typed is no answer."""
        if valuelist:
            self.data = self.read(valuelist[0]) or None

    def read(self, text: str) -> str:
        """Return what the text says."""
        return text.strip()

    def pre_validate(self, form: object) -> None:
        """Refuse what cannot be read."""
        refuse_unreadable(self.data or "", name=self.name_in_errors, longest=self.longest)

    def _value(self) -> str:
        # HTML cannot show this character; the message beside the box names it.
        return str(self.data or "").replace("\x00", "\ufffd")


class Email(LineField):
    """An e-mail address; spaces that came along when it was pasted go."""

    def read(self, text: str) -> str:
        """Return the address without any space."""
        return re.sub(r"\s+", "", text)


class Years(LineField):
    """A number of years."""

    entry: str | None = None

    def process_data(self, value: Any) -> None:
        """Show a saved number in place of what was typed before."""
        super().process_data(value)
        self.entry = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; what was typed stays in the box."""
        self.entry = valuelist[0].strip() if valuelist else ""
        self.data = None  # a number or nothing, where WTForms says text
        if self.entry and re.fullmatch(r"\d{1,2}(\.\d{1,2})?", self.entry, re.ASCII):
            self.data = float(self.entry) if "." in self.entry else int(self.entry)  # type: ignore[assignment]  # as above

    def pre_validate(self, form: object) -> None:
        """Refuse what is no number from 0 to 99."""
        if self.entry and self.data is None:
            raise ValidationError(f"Enter {self.name_in_errors} as a number, such as 4 or 4.5.")

    def _value(self) -> str:
        return self.entry if self.entry is not None else "" if self.data is None else str(self.data)


class Offering(Question, Field):
    """A question that offers its answers: ``offered`` holds (what is kept, how it reads)."""

    offered: list[tuple[str, str]]
    about: Mapping[str, str]
    """More text to show under a choice, by the stored value."""

    def words(self, answer: str) -> str:
        """Return how a kept answer reads; one that is no longer offered reads as it is kept."""
        return next((label for value, label in self.offered if value == answer), answer)


class Choice(Offering):
    """One of a few; nothing chosen is no answer."""

    kind = "radios"

    def __init__(self, label: str, *, choices: Sequence[tuple[str, str]], hint: str = "", **rest: Any) -> None:
        """Keep the choices, and offer to leave the question open."""
        super().__init__(label, **rest)
        self.offered, self.hint, self.about = [*choices, ("", "Not answered yet")], hint, {}

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the choice."""
        self.data = (valuelist[0] or None) if valuelist else None

    def pre_validate(self, form: object) -> None:
        """Refuse what was not offered."""
        if self.data is not None and self.data not in dict(self.offered):
            self.data = None
            raise ValidationError("Choose one of the answers shown.")


class YesNo(Choice):
    """Yes, no, or not answered yet."""

    def __init__(self, label: str, *, hint: str = "", **rest: Any) -> None:
        """Offer yes and no."""
        super().__init__(label, choices=[("yes", "Yes"), ("no", "No")], hint=hint, **rest)

    def process_data(self, value: bool | None) -> None:  # noqa: FBT001 - WTForms calls it so
        """Show a truth value as the word for it."""
        self.data = None if value is None else "yes" if value else "no"

    @property
    def answer(self) -> bool | None:
        """Return the truth value; None when the question is open."""
        return None if self.data is None else self.data == "yes"


class Select(Choice):
    """One of many, in a list that drops down."""

    kind = "select"

    def __init__(
        self, label: str, *, choices: Sequence[tuple[str, str]], hint: str = "", autocomplete: str = "off", **rest: Any
    ) -> None:
        """Keep the choices, an empty one first."""
        super().__init__(label, choices=choices, hint=hint, **rest)
        self.offered, self.autocomplete = [("", "- Select -"), *choices], autocomplete


class Several(Offering):
    """Any of a few, as boxes to tick."""

    kind = "checks"

    def __init__(self, label: str, *, choices: Sequence[tuple[str, str]], hint: str = "", **rest: Any) -> None:
        """Keep the choices."""
        super().__init__(label, **rest)
        self.offered, self.hint, self.about = list(choices), hint, {}

    def process_data(self, value: Iterable[str] | None) -> None:
        """Show what is chosen."""
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what is ticked, each once."""
        self.data = tuple(dict.fromkeys(valuelist))

    def pre_validate(self, form: object) -> None:
        """Refuse what was not offered."""
        if not set(self.data) <= dict(self.offered).keys():
            self.data = tuple(value for value in self.data if value in dict(self.offered))
            raise ValidationError("Choose from the boxes shown.")


class Day(Question, Field):
    """A date in three boxes: month (a number or its name), day, year."""

    kind = "date"
    parts = ("month", "day", "year")

    def __init__(self, label: str, *, named: str, hint: str = "", **rest: Any) -> None:
        """Keep how the question looks; ``named`` is how an error calls it."""
        super().__init__(label, **rest)
        self.hint, self.name_in_errors = hint, named
        self.part_texts: dict[str, str] = dict.fromkeys(self.parts, "")
        self.wrong_parts: frozenset[str] = frozenset()

    def process(
        self,
        formdata: Any,
        data: Any = None,
        extra_filters: Sequence[Callable[[Any], Any]] | None = None,
    ) -> None:
        """Take the three boxes, or show a date in them."""
        self.errors, self.process_errors = (), []
        self.object_data = data if isinstance(data, date) else None
        self.data = self.object_data
        if formdata is not None:
            self.part_texts = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in self.parts}
            self.data = None
        elif self.data is not None:
            self.part_texts = {"month": str(self.data.month), "day": str(self.data.day), "year": str(self.data.year)}

    def pre_validate(self, form: object) -> None:
        """Read the date; refuse one that does not exist."""
        if not any(self.part_texts.values()):
            return
        missing = [part for part in self.parts if not self.part_texts[part]]
        if missing:
            self.wrong_parts = frozenset(missing)
            raise ValidationError(f"Enter the {' and the '.join(missing)} of {self.name_in_errors}.")
        month, day, year = (
            month_number(self.part_texts["month"]),
            _number(self.part_texts["day"]),
            _number(self.part_texts["year"]),
        )
        if year is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
            self.wrong_parts = frozenset({"year"})
            raise ValidationError(f"Enter the year of {self.name_in_errors} with four digits, such as 2026.")
        if month is None:
            self.wrong_parts = frozenset({"month"})
            raise ValidationError(
                f"Enter the month of {self.name_in_errors} as a number or a name, such as 3 or March."
            )
        try:
            self.data = date(year, month, day or 0)
        except ValueError:
            self.wrong_parts = frozenset({"day"})
            raise ValidationError(f"Enter {self.name_in_errors} as a day that exists in the calendar.") from None


def month_number(text: str) -> int | None:
    """Return 1 to 12 for "3", "03", "Mar", "mar." or "March"; None for anything else."""
    word = text.strip().rstrip(".").lower()
    if (number := _number(word)) is not None:
        return number if 1 <= number <= len(MONTHS) else None
    places = [
        place for place, name in enumerate(MONTHS, 1) if len(word) >= _SHORTEST_MONTH and name.lower().startswith(word)
    ]
    return places[0] if len(places) == 1 else None


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else None
