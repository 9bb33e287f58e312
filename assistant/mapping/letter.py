"""What a blank of ICE's Letter of Interest asks for, told by the words beside it, under it and above it.

No official letter was to be had when this was written, so the patterns are those of such letters in general: a person
looks through every line before it is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from assistant.mapping.context import squashed
from assistant.mapping.meanings import BY_HAND, ICES, SIGNED, TICKED, Meaning
from assistant.mapping.rows import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.mapping.context import Blank
    from assistant.mapping.rows import Row

Owner = Literal["program_contact", "public_information_contact", "signatory", "agency", "ice"]

CAPTION = 16.0
"""Points below a line within which its caption stands."""
APART = 15.0
"""Points between letters from which on another text begins."""

_NAME = Meaning(name="agency", label="agency’s name", path="agency.legal_name", instead=("agency.short_name",))
_MODELS = Meaning(name="models", label="models asked for", path="models", format="model-names", instead=("models",))
_TO = Meaning(name="addressee", label="whom the letter is sent to", path="ice.addressee")
_DATE = Meaning(name="date", label="date of signing", reason=BY_HAND)
_SIGNATURE = Meaning(name="signature", label="signature", reason=SIGNED)
# (the end of the label, meaning): patterns meet squashed text.
_LABELS: tuple[tuple[str, Meaning], ...] = (
    (r"signature(of\w*)?$|signed(by)?$", _SIGNATURE),
    (r"date(d|signed|ofsignature)?$", _DATE),
    (r"models?(\(s\))?(requested|ofinterest|desired|appliedfor)?$", _MODELS),
    (r"(agency|lea|department|sheriff[’']soffice)(\(lea\))?([’']?s?(full|legal)?name)?$|^nameof(the)?agency", _NAME),
    (r"represents$|jurisdiction$", Meaning(name="represents", label="whom it represents", path="agency.represents")),
    (r"street(address)?$", Meaning(name="street", label="street", path="agency.address.street")),
    (r"(?<!mail)address$", Meaning(name="address", label="agency’s address", path="agency.address.one_line")),
    (r"(?<!pa)city$", Meaning(name="city", label="city", path="agency.address.city")),
    (r"county$", Meaning(name="county", label="county", path="agency.county")),
    (r"state$", Meaning(name="state", label="State", path="agency.address.state")),
    (r"zip(code)?$", Meaning(name="ZIP", label="ZIP Code", path="agency.address.zip")),
    (r"fieldoffice$", Meaning(name="field office", label="ERO field office", path="ice.field_office")),
    (r"^(to|attn|attention|addressee)$", _TO),
)
# (before, after, meaning) of a blank inside a sentence; ``before`` goes on from the row above.
_SENTENCES: tuple[tuple[str, str, Meaning], ...] = (
    (r"models?(\(s\))?$|underthe(following)?$", "", _MODELS),
    (r"represents$", "", Meaning(name="represents", label="whom it represents", path="agency.represents")),
    (r"the$|behalfof$", r"^[,(]|^(is|would|requests|hereby|wishes|represents)", _NAME),
)
_MODEL = re.compile("jailenforcement|(tribal)?taskforce|warrantservice")
_BEHIND = re.compile(r"_*\(([^()]{3,40})\)")
_PARTS: tuple[tuple[str, str], ...] = (
    (r"e-?mail(address)?$", "email"),
    (r"(tele)?phone(number|no\.?)?$|tel\.?$", "phone"),
    (r"(title|rank)$", "title"),
    (r"name$", "full_name"),
)
_WORDS = {"email": "e-mail", "phone": "telephone", "title": "title", "full_name": "name"}
_OWNERS: tuple[tuple[str, Owner], ...] = (
    (r"^for(ice|dhs)|(ice|official|government)use|(received|approved|reviewed)by(ice|dhs)", "ice"),
    (r"publicinformation|publicaffairs|mediacontact", "public_information_contact"),
    (r"pointofcontact|contactperson|programcontact|^contact", "program_contact"),
    (r"sincerely|respectfully|signature|signatory|certif|authorizedofficial|headofagency", "signatory"),
    (r"agency|lawenforcement", "agency"),
)
_OWNER_WORDS: dict[Owner, str] = {
    "program_contact": "program contact",
    "public_information_contact": "public information contact",
    "signatory": "signatory",
    "agency": "agency",
    "ice": "ICE",
}


def in_letter(blank: Blank, rows: Sequence[Row]) -> Meaning | None:
    """Return what a blank of the letter asks for, None where nothing tells; ``rows`` are its page's, from the top."""
    here = next((n for n, row in enumerate(rows) if _beside(row, blank)), None)
    row = rows[here] if here is not None else None
    if not blank.certain and not (row and row.before(blank.rect[0] + 1).rstrip().endswith(":")):
        return None  # a wide space between two texts
    if _owner(blank, rows, "") == "ice":
        return Meaning(name="ICE", label="a blank under ICE’s heading", side="ice", reason=ICES)
    if blank.kind == "Btn" or (row and _MODEL.match(squashed(row.after(blank.rect[2] - 1)))):
        return _box(blank, row)
    if blank.kind == "Sig":
        return _SIGNATURE
    labels = list(_labels(blank, rows, here))
    return _by_label(labels) or _in_sentence(blank, rows, here) or _by_part(labels, blank, rows)


def _by_label(labels: Sequence[str]) -> Meaning | None:
    return next((m for label in labels for pattern, m in _LABELS if re.search(pattern, label)), None)


def _by_part(labels: Sequence[str], blank: Blank, rows: Sequence[Row]) -> Meaning | None:
    """Return whose name, title, telephone or e-mail is asked."""
    for label in labels:
        for pattern, part in _PARTS:
            if re.search(pattern, label):
                return _of_a_person(part, _owner(blank, rows, label))
    return None


def _labels(blank: Blank, rows: Sequence[Row], here: int | None) -> Iterator[str]:
    """Yield what stands in parentheses behind a blank, left of it since the last one, then the caption under it."""
    if here is not None:
        if behind := _BEHIND.match(squashed(rows[here].after(blank.rect[2] - 1))):
            yield behind[1]
        yield re.split(r"_+", squashed(rows[here].before(blank.rect[0] + 1)).rstrip("_:"))[-1].strip(":.;,")
    for row in rows:
        if 0 < blank.rect[1] - row.y0 <= CAPTION and not _beside(row, blank):
            within = "".join(c for c, letter in zip(row.text, row.letters, strict=True) if _inside(letter.rect, blank))
            yield squashed(within).strip("_:()")


def _in_sentence(blank: Blank, rows: Sequence[Row], here: int | None) -> Meaning | None:
    if here is None:
        return None
    before = squashed(rows[here].before(blank.rect[0] + 1)).rstrip("_:")
    if len(before) < 4 and here:  # noqa: PLR2004 - the line begins with the blank, or nearly
        before = squashed(rows[here - 1].text).rstrip("_:") + before
    after = squashed(rows[here].after(blank.rect[2] - 1)).lstrip("_")
    if not after and here + 1 < len(rows):
        after = squashed(rows[here + 1].text)
    found = (m for start, end, m in _SENTENCES if re.search(start, before) and re.search(end, after))
    return next(found, None)


def _owner(blank: Blank, rows: Sequence[Row], label: str) -> Owner:
    """Return whose name, title, telephone or e-mail is asked: told by the label, else by the nearest row above."""
    above = [squashed(row.text) for row in reversed(rows) if row.y0 >= blank.rect[3] - 1]
    beside = [squashed(row.before(blank.rect[0] + 1)) for row in rows if _beside(row, blank)]
    for text in (label, *beside, *above):
        for pattern, owner in _OWNERS:
            if re.search(pattern, text):
                return owner
    return "signatory"


def _of_a_person(part: str, owner: Owner) -> Meaning:
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


def _box(blank: Blank, row: Row | None) -> Meaning:
    """Return a check box as it is told: left to the person, called by the words right of it."""
    words, end = "", blank.rect[2]
    for letter in row.letters if row else ():
        if letter.rect[0] < blank.rect[2] - 1:
            continue
        if letter.rect[0] - end > APART:
            break
        words, end = words + letter.text, letter.rect[2]
    label = f"check box “{plain(words)[:60]}”" if words.strip() else f"check box “{blank.name}”"
    return Meaning(name="check box", label=label, reason=TICKED)


def _beside(row: Row, blank: Blank) -> bool:
    """Say whether a blank stands in a row: the middle of the row's letters is within the blank's height."""
    return blank.rect[1] - 1 <= (row.y0 + row.y1) / 2 <= blank.rect[3] + 1


def _inside(rect: tuple[float, float, float, float], blank: Blank) -> bool:
    return blank.rect[0] - 2 <= (rect[0] + rect[2]) / 2 <= blank.rect[2] + 2
