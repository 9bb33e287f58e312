"""What a blank of ICE's Letter of Interest asks for, by the words beside it, under it and above it.

No official letter was to be had when this was written, so the patterns are those of such letters in general: a person
looks through every line before it is used.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from assistant.mapping.labels import is_beside, is_ices, kind_of
from assistant.mapping.meanings import BY_HAND, ICES, SIGNED, TICKED, Meaning
from assistant.mapping.parties import MAX_INDENT_PT
from assistant.mapping.rows import PART_GAP_PT, plain, squashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.mapping.context import Blank
    from assistant.mapping.labelled import LabelQuestion
    from assistant.mapping.labels import LabelKind
    from assistant.mapping.rows import MapRow

LetterOwner = Literal["program_contact", "public_information_contact", "signatory", "agency"]

_NAME = Meaning(name="agency", label="agency’s name", path="agency.legal_name")
_MODELS = Meaning(
    name="models", label="models asked for", path="models", format="model-names", alternatives=("models",)
)
_TO = Meaning(name="addressee", label="whom the letter is sent to", path="ice.addressee")
_NAME_AND_TITLE = Meaning(
    name="signatory name and title",
    label="signatory: name and title",
    path="signatory.full_name",
    format="name-and-title",
)
_DATE = Meaning(name="date", label="date of signing", reason=BY_HAND)
_SIGNATURE = Meaning(name="signature", label="signature", reason=SIGNED)
_BY_LABEL: dict[LabelKind, Meaning] = {
    "signature": _SIGNATURE,
    "date": _DATE,
    "models": _MODELS,
    "agency": _NAME,
    "short": Meaning(name="short name", label="agency’s short name", path="agency.short_name"),
    "represents": Meaning(name="represents", label="whom it represents", path="agency.represents"),
    "street": Meaning(name="street", label="street", path="agency.address.street"),
    "address": Meaning(name="address", label="agency’s address", path="agency.address.one_line"),
    "city": Meaning(name="city", label="city", path="agency.address.city"),
    "county": Meaning(name="county", label="county", path="agency.county"),
    "state": Meaning(name="state", label="State", path="agency.address.state"),
    "zip": Meaning(name="ZIP", label="ZIP Code", path="agency.address.zip"),
    "field office": Meaning(name="field office", label="ERO field office", path="ice.field_office"),
    "addressee": _TO,
}
# (before, after, meaning) of a blank inside a sentence; ``before`` goes on from the row above.
_SENTENCES: tuple[tuple[str, str, Meaning], ...] = (
    (r"models?(\(s\))?$|underthe(following)?$", "", _MODELS),
    (r"represents$", "", Meaning(name="represents", label="whom it represents", path="agency.represents")),
    (r"the$|behalfof$", r"^[,(]|^(is|would|requests|hereby|wishes|represents)", _NAME),
)
_MODEL = re.compile("jailenforcement|(tribal)?taskforce|warrantservice")
_PARTS: dict[LabelKind, str] = {"email": "email", "phone": "phone", "title": "title", "name": "full_name"}
_WORDS = {"email": "e-mail", "phone": "telephone", "title": "title", "full_name": "name"}
_OWNERS: tuple[tuple[str, LetterOwner], ...] = (
    (r"publicinformation|publicaffairs|mediacontact", "public_information_contact"),
    (r"pointofcontact|contactperson|programcontact|^contact", "program_contact"),
    (r"sincerely|respectfully|signature|signatory|certif|authorizedofficial|headofagency", "signatory"),
    (r"agency|lawenforcement", "agency"),
)
_OWNER_WORDS: dict[LetterOwner, str] = {
    "program_contact": "program contact",
    "public_information_contact": "public information contact",
    "signatory": "signatory",
    "agency": "agency",
}
MIN_LINE_STEP_PT = 8.0
"""Points: two signatures whose heights differ by less stand side by side."""


def in_letter(question: LabelQuestion, rows: Sequence[MapRow]) -> Meaning | None:
    """Return what a blank of the letter asks for, None where nothing tells; ``rows`` are its page's, from the top."""
    blank, context, labels = question.blank, question.context, question.printed
    here = next((n for n, row in enumerate(rows) if is_beside(row, blank)), None)
    row = rows[here] if here is not None else None
    if not blank.certain and not (row and row.before(blank.rect[0] + 1).rstrip().endswith(":")):
        return None  # a wide space between two texts
    if context.side == "ice" or any(map(is_ices, labels)):
        return Meaning(name="ICE", label="a blank under ICE’s heading", side="ice", reason=ICES)
    if context.party and context.side is None:
        return None
    if blank.kind == "Btn" or (row and _MODEL.match(squashed(row.after(blank.rect[2] - 1)))):
        return _box(blank, row)
    if blank.kind == "Sig":
        return _SIGNATURE
    return _by_label(labels) or _in_sentence(blank, rows, here) or _by_part(labels, blank, rows)


def signed_by_whom(
    meanings: Mapping[Blank, Meaning | None], questions: Mapping[Blank, LabelQuestion]
) -> frozenset[Blank]:
    """Return the blanks of whoever signs that may be another party's: a second signature stands under one heading.

    Of two signatures side by side neither is known to be the agency's; of two below each other the first one is.
    """
    signing: dict[tuple[int, str], list[Blank]] = {}
    for blank, meaning in meanings.items():
        if meaning and (meaning.reason in {BY_HAND, SIGNED} or meaning.path.startswith("signatory.")):
            signing.setdefault((blank.page, questions[blank].context.party), []).append(blank)
    return frozenset(blank for group in signing.values() for blank in _second(group, meanings))


def _second(group: Sequence[Blank], meanings: Mapping[Blank, Meaning | None]) -> Iterator[Blank]:
    """Yield the blanks of a second signature, from the widest space between it and the first."""
    heights = sorted((_height(blank) for blank in group if meanings[blank] == _SIGNATURE), reverse=True)
    if len(heights) < 2:  # one party signs
        return
    first, second = heights[:2]
    if first - second < MIN_LINE_STEP_PT:
        yield from group
        return
    between = sorted({y for blank in group if second <= (y := _height(blank)) <= first}, reverse=True)
    _, end = max((one - other, other) for one, other in pairwise(between))
    yield from (blank for blank in group if _height(blank) <= end)


def _height(blank: Blank) -> float:
    return (blank.rect[1] + blank.rect[3]) / 2


def _by_label(labels: Sequence[str]) -> Meaning | None:
    return next((_BY_LABEL[kind] for label in labels if (kind := kind_of(label)) in _BY_LABEL), None)


def _by_part(labels: Sequence[str], blank: Blank, rows: Sequence[MapRow]) -> Meaning | None:
    """Return whose name, title, telephone or e-mail is asked."""
    for label in labels:
        kind, owner = kind_of(label), _owner(blank, rows, label)
        if kind in _PARTS:
            return _of_a_person(_PARTS[kind], owner)
        if kind == "name and title" and owner in {"agency", "signatory"}:
            return _NAME_AND_TITLE
    return None


def _in_sentence(blank: Blank, rows: Sequence[MapRow], here: int | None) -> Meaning | None:
    if here is None:
        return None
    before = squashed(rows[here].before(blank.rect[0] + 1)).rstrip("_:")
    if len(before) < 4 and here:  # the line begins with the blank, or nearly
        before = squashed(rows[here - 1].text).rstrip("_:") + before
    after = squashed(rows[here].after(blank.rect[2] - 1)).lstrip("_")
    if not after and here + 1 < len(rows):
        after = squashed(rows[here + 1].text)
    matches = (m for start, end, m in _SENTENCES if re.search(start, before) and re.search(end, after))
    return next(matches, None)


def _owner(blank: Blank, rows: Sequence[MapRow], label: str) -> LetterOwner:
    """Return whose name, title, telephone or e-mail is asked: by the label, else by the nearest words above.

    What stands in a column further right speaks of others.
    """
    beside = [squashed(row.before(blank.rect[0] + 1)) for row in rows if is_beside(row, blank)]
    above = [
        squashed(text)
        for row in reversed(rows)
        if row.y0 >= blank.rect[3] - 1
        for x0, text in reversed(row.parts)
        if x0 <= blank.rect[0] + MAX_INDENT_PT
    ]
    for text in (squashed(label), *beside, *above):
        for pattern, owner in _OWNERS:
            if re.search(pattern, text):
                return owner
    return "signatory"


def _of_a_person(part: str, owner: LetterOwner) -> Meaning:
    if owner == "agency" and part == "full_name":
        return _NAME
    if owner == "agency" and part == "title":
        owner = "signatory"
    return Meaning(
        name=f"{_OWNER_WORDS[owner]} {_WORDS[part]}",
        label=f"{_OWNER_WORDS[owner]}: {_WORDS[part]}",
        path=f"{owner}.{part}",
        format="phone" if part == "phone" else "text",
    )


def _box(blank: Blank, row: MapRow | None) -> Meaning:
    """Return a check box: left to the person, called by the words right of it."""
    words, end = "", blank.rect[2]
    for letter in row.letters if row else ():
        if letter.rect[0] < blank.rect[2] - 1:
            continue
        if letter.rect[0] - end > PART_GAP_PT:
            break
        words, end = words + letter.text, letter.rect[2]
    label = f"check box “{plain(words)[:60]}”" if words.strip() else f"check box “{blank.name}”"
    return Meaning(name="check box", label=label, reason=TICKED)
