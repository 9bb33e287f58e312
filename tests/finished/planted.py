"""Mistakes planted in generated agreements: each with the agency's own data, over text, recognized scans and pictures.

``PLANTED`` has a row for every mistake. A row makes its ``Spec`` from the agency and a seeded chance, so that words,
numbers and places differ from file to file. ``kinds`` are the kinds of pages on which the mistake can be seen at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.program import opla_locations
from tests.finished import made, mistakes
from tests.finished.left_in import put_in
from tests.finished.made import Spec
from tests.finished.pen import write_by_hand

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from reportlab.pdfgen import canvas

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from tests.finished.mistakes import Draw

    Plant = Callable[[Mapping[str, Any], random.Random], Spec]

ALL = ("text", "recognized", "picture")
WITH_TEXT = ("text", "recognized")
TEXT = ("text",)
TFM = ("moa-tfm/2025-02-12", "moa-tfm/2025-03-07")
OLD = ("moa-tfm/2025-02-12",)
JAIL = ("moa-jem/2025-02-15", "moa-wso/2025-02-14")
PUBLIC, PROGRAM = "public_information_contact", "program_contact"
OTHER_COUNTIES = ("Polk", "Sedgwick", "Hennepin", "Multnomah", "Chaves")
"""Counties that there are, none of them in a name that the generator gives an agency."""
NAME_CODES = "name-inconsistent other-agency-data abbrev-undefined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A mistake to plant: the code under which it must be told, and the codes that it may rightly bring with it."""

    name: str
    code: str
    plant: Plant
    kinds: tuple[str, ...] = ALL
    editions: tuple[str, ...] = made.EDITIONS
    also: frozenset[str] = frozenset()


def _row(name: str, code: str, plant: Plant, *, also: str = "", **more: tuple[str, ...]) -> Planted:
    return Planted(name=name, code=code, plant=plant, also=frozenset(also.split()), **more)


def _without(slot: str) -> Plant:
    return lambda _agency, _chance: Spec(without=(slot,))


def _instead(slot: str, *texts: str) -> Plant:
    """Return what writes one of some texts in a slot; ``{place}`` and ``{name}`` stand for the agency's."""

    def plant(agency: Mapping[str, Any], chance: random.Random) -> Spec:
        text = chance.choice(texts).format(
            place=agency["agency.county"],
            name=agency["agency.legal_name"],
            person=agency["signatory.full_name"],
            other=chance.choice(OTHER_COUNTIES),
        )
        return Spec(instead={slot: text})

    return plant


def _change(path: str, *texts: str | None) -> Plant:
    return lambda _agency, chance: Spec(changes={path: chance.choice(texts)})


def _dated(*dates: str) -> Plant:
    return lambda _agency, chance: Spec(dated=chance.choice(dates))


def _drawn(draw: Callable[[Mapping[str, Any], random.Random], Draw], **more: Any) -> Plant:
    return lambda agency, chance: Spec(draw=draw(agency, chance), **more)


def _unreachable(section: str) -> Plant:
    return lambda _agency, _chance: Spec(changes={f"{section}.phone": None, f"{section}.email": None})


def _cut_name(agency: Mapping[str, Any], chance: random.Random) -> Spec:
    """Cut the agency's name in Appendix B inside its last word, as a flattened narrow field does."""
    name = str(agency["agency.legal_name"])
    last = len(name.rsplit(maxsplit=1)[-1])
    return Spec(instead={"appendix_b": name[: -chance.randint(2, last - 3)]})


def _one_person_two_numbers(agency: Mapping[str, Any], chance: random.Random) -> Spec:
    area = chance.randint(201, 989)
    return Spec(
        changes={
            f"{PUBLIC}.full_name": agency[f"{PROGRAM}.full_name"],
            f"{PROGRAM}.phone": f"({area}) 555-01{chance.randint(10, 39)}",
            f"{PUBLIC}.phone": f"({area}) 555-01{chance.randint(50, 99)}",
            f"{PUBLIC}.email": agency[f"{PROGRAM}.email"],
        }
    )


def _misspelt_address(_agency: Mapping[str, Any], chance: random.Random) -> Spec:
    """Misspell one long word of a listed address of OPLA: a letter left out, or one doubled."""
    address = chance.choice([one.address for one in opla_locations() if len(one.address) < 46])
    long_words = [word for word in address.replace(",", " ").split() if word.isalpha() and len(word) >= 6]
    word = chance.choice(long_words or address.split()[:1])
    at = chance.randint(1, len(word) - 2)
    slip = word[:at] + word[at + 1 :] if chance.random() < 0.5 else word[:at] + word[at] + word[at:]
    return Spec(instead={"opla": address.replace(word, slip)})


def _title_by_hand(agency: Mapping[str, Any], chance: random.Random) -> Draw:
    title, seed = str(agency["signatory.title"]), chance.randint(0, 10_000)

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        write_by_hand(drawing, title, places["lea_title"], seed=seed)

    return draw


def _date_by_hand(_agency: Mapping[str, Any], chance: random.Random) -> Draw:
    day, seed = chance.choice(("3/28/25", "03-28-2025", "3-28-25", "3/28/2025")), chance.randint(0, 10_000)

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        write_by_hand(drawing, day, places["lea_date"], seed=seed)

    return draw


def _swapped(_agency: Mapping[str, Any], chance: random.Random) -> Draw:
    day, seed = chance.choice(("03/28/2025", "3/28/25", "March 28, 2025")), chance.randint(0, 10_000)

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        drawing.setFont("Helvetica", 11)
        drawing.drawString(places["lea_signature"][0] + 8, places["lea_signature"][1] + 3, day)
        made.strokes(drawing, places["lea_date"], seed=seed)

    return draw


def _typed_name(agency: Mapping[str, Any], chance: random.Random) -> Draw:
    font = chance.choice(("Helvetica", "Times-Roman", "Courier"))

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        drawing.setFont(font, 11)
        drawing.drawString(
            places["lea_signature"][0] + 8, places["lea_signature"][1] + 3, agency["signatory.full_name"]
        )

    return draw


def _small_title(agency: Mapping[str, Any], chance: random.Random) -> Draw:
    size = chance.uniform(4.0, 4.8)

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        drawing.setFont("Helvetica", size)
        drawing.drawString(places["lea_title"][0] + 4, places["lea_title"][1] + 5, agency["signatory.title"])

    return draw


def _faint_title(agency: Mapping[str, Any], chance: random.Random) -> Draw:
    gray = chance.uniform(0.66, 0.76)

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        drawing.setFillGray(gray)
        drawing.setFont("Helvetica", 11)
        drawing.drawString(places["lea_title"][0] + 4, places["lea_title"][1] + 4, agency["signatory.title"])

    return draw


def _stamp(agency: Mapping[str, Any], chance: random.Random, day: str, number: str = "") -> Draw:
    name = str(agency["signatory.full_name"])
    if number:
        name = ".".join([*reversed(name.upper().replace("’", "").split()), number])
    size = chance.uniform(4.5, 6.0)

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        x0, y0 = places["lea_signature"][:2]
        drawing.setFont("Helvetica", 9)
        drawing.drawString(x0 + 4, y0 + 8, str(agency["signatory.full_name"]))
        drawing.setFont("Helvetica", size)
        for n, line in enumerate(("Digitally signed by", name, f"Date: {day} 10:11:12", "-04'00'")):
            drawing.drawString(x0 + 76, y0 + 17 - (size + 0.5) * n, line)

    return draw


def _stamped(*days: str) -> Plant:
    """Return what signs with an electronic stamp of one of some days, as in "2025.03.20"."""
    return lambda agency, chance: Spec(draw=_stamp(agency, chance, chance.choice(days)), signed=False)


def _last(change: Callable[[int], mistakes.Change], *pages: int) -> Plant:
    return lambda _agency, chance: Spec(last=change(chance.choice(pages)))


def _blank_rows() -> tuple[Planted, ...]:
    return (
        _row("no date", "date-blank", lambda _agency, _chance: Spec(dated=None)),
        _row("no title", "title-blank", _without("lea_title")),
        _row("no OPLA", "opla-blank", _without("opla")),
        _row("no Appendix C contact", "pubinfo-blank", _without("public")),
        _row("no Appendix A contact", "poc-a-blank", _without("contact"), editions=TFM),
        _row("no Appendix B name", "appb-blank", _without("appendix_b"), editions=TFM),
        _row("no second name", "abbrev-blank", _without("agency_again"), editions=TFM),
        _row("no section VII contact", "poc-vii-blank", _without("contact_vii"), editions=JAIL),
        _row(
            "placeholder in OPLA",
            "placeholder-left",
            _instead("opla", "ADDRESS", "XXXXXXXXX", "(to be completed by ICE)"),
        ),
        _row(
            "placeholder in Appendix B",
            "placeholder-left",
            _instead("appendix_b", "XXXXXXXXX", "[AGENCY NAME]"),
            editions=TFM,
            also=NAME_CODES,
        ),
        _row(
            "placeholder in a contact",
            "placeholder-left",
            _change(f"{PUBLIC}.full_name", "to be completed", "TBD", "XXXXXXXX"),
            also="pubinfo-no-person",
        ),
    )


def _text_rows() -> tuple[Planted, ...]:
    return (
        _row("represents itself", "represents-self", _instead("represents", "{name}"), editions=TFM),
        _row(
            "represents a person", "represents-person", _instead("represents", "Sheriff {person}", "Chief {person}"),
            editions=TFM,
        ),
        _row(
            "field office as OPLA",
            "opla-not-opla",
            _instead("opla", "ERO Atlanta", "Miami Field Office", "ICE ERO Sub-Office, Tampa", "Houston ERO"),
        ),
        _row("misspelt OPLA address", "opla-address-typo", _misspelt_address, editions=JAIL),
        _row(
            "another unit's name", "name-inconsistent", _instead("appendix_b", "{place} Constable", "{place} Marshal"),
            editions=TFM,
        ),
        _row(
            "another county in Appendix B", "other-agency-data", _instead("appendix_b", "{other} County Sheriff"),
            editions=TFM, also="name-inconsistent",
        ),
        _row(
            "another county in section VII", "other-agency-data",
            _instead("contact_vii", "Sheriff, {other} County Sheriff’s Office"), editions=JAIL,
        ),
        _row(
            "city as party", "party-not-lea", _instead("agency", "City of {place}", "Town of {place}"),
            also=f"{NAME_CODES} signer-not-chief",
        ),
        _row(
            "another officer signs", "signer-not-chief",
            _change(
                "signatory.title", "County Manager", "City Manager", "Mayor", "Vice Chair", "Chief of Staff",
                "County Administrator",
            ),
        ),
        _row(
            "misspelt title", "typo",
            _change("signatory.title", "Sherriff", "Shreiff", "Chief of Poilce", "Cheif of Police"),
            also="signer-not-chief",
        ),
        _row(
            "ICE's title", "title-shared-with-ice", _instead("lea_title", "Acting Director", "Deputy Director"),
            also="signer-not-chief",
        ),
        _row("name cut off", "text-clipped", _cut_name, editions=TFM, also="name-inconsistent"),
        _row(
            "cut by its field", "text-clipped", lambda _agency, _chance: Spec(first=mistakes.cut), editions=OLD,
            kinds=TEXT,
        ),
        _row("initials undefined", "abbrev-undefined", _instead("agency", "{name}"), editions=OLD),
        _row("tiny", "text-tiny", _drawn(_small_title, without=("lea_title",)), kinds=WITH_TEXT),
        _row("faint", "faint-text", _drawn(_faint_title, without=("lea_title",))),
    )  # fmt: skip


def _contact_rows() -> tuple[Planted, ...]:
    return (
        _row("Appendix C unreachable", "pubinfo-no-contact", _unreachable(PUBLIC)),
        _row("Appendix A unreachable", "poc-a-no-contact", _unreachable(PROGRAM), editions=TFM),
        _row(
            "Appendix C an office", "pubinfo-no-person",
            _change(
                f"{PUBLIC}.full_name", "Public Information Office", "Front Desk", "Records Division", "Media Relations"
            ),
        ),
        _row(
            "Appendix A an office", "poc-a-no-person",
            _change(f"{PROGRAM}.full_name", "Patrol Division", "Sheriff’s Office", "Operations Bureau"), editions=TFM,
        ),
        _row("one person, two numbers", "contact-mismatch", _one_person_two_numbers, editions=TFM),
        _row(
            "malformed mail", "contact-format",
            _change(f"{PUBLIC}.email", "pio@office,example.gov", "pio.office.example@", "pio@@office.example.gov"),
            kinds=TEXT,
        ),
        _row(
            "malformed number", "contact-format", _change(f"{PUBLIC}.phone", "(404) 555-010", "404-555-01034"),
            kinds=TEXT,
        ),
    )  # fmt: skip


def _signing_rows() -> tuple[Planted, ...]:
    return (
        _row("date of the future", "date-invalid", _dated("03/28/2027", "June 3, 2028", "12/01/2026")),
        _row("no such day", "date-invalid", _dated("02/30/2025", "13/32/2025"), kinds=TEXT, also="form-outdated"),
        _row("before the form", "date-invalid", _dated("01/05/2025", "12/12/2024")),
        _row("half a date", "date-format", _dated("March 2025", "March 28", "April 7 ,25"), kinds=WITH_TEXT),
        _row(
            "date and stamp differ", "date-vs-signature",
            _stamped("2025.03.20", "2025.04.02"),
            kinds=WITH_TEXT,
        ),
        _row(
            "stamp shows a number", "signature-exposes-id",
            _drawn(lambda agency, chance: _stamp(agency, chance, "2025.03.28", str(chance.randint(10**9, 10**10 - 1))),
                signed=False),
            kinds=WITH_TEXT,
        ),
        _row("typed signature", "signature-typed-only", _drawn(_typed_name, signed=False)),
        _row("lines swapped", "signature-line-swap", _drawn(_swapped, signed=False, dated=None), also="handwriting"),
        _row("title by hand", "handwriting", _drawn(_title_by_hand, without=("lea_title",))),
        _row("date by hand", "handwriting", _drawn(_date_by_hand, dated=None)),
    )  # fmt: skip


def _file_rows() -> tuple[Planted, ...]:
    return (
        _row("page missing", "pages-missing", _last(mistakes.without_page, 1, 2, 3, 5)),
        _row("page twice", "pages-extra", _last(mistakes.page_twice, 1, 2, 3)),
        _row("resolution attached", "pages-extra", _last(lambda _: mistakes.attach_resolution, 0)),
        _row("typed anew", "form-retyped", _last(lambda _: mistakes.retyped, 0), editions=(*TFM, JAIL[0]), kinds=TEXT),
        _row("sideways", "page-rotated", _last(mistakes.sideways, 1, 2, 4)),
        _row("encrypted", "encrypted", lambda _agency, _chance: Spec(encrypted=True)),
        _row("comments left", "review-marks-left", _last(lambda _: mistakes.comment, 0)),
        _row("title of another paper", "metadata-leftover", _last(lambda _: mistakes.titled, 0)),
        _row("newer form known", "form-outdated", _dated("04/28/2025", "May 5, 2025"), editions=(*OLD, JAIL[1])),
        _row("a word put in", "form-altered", _last(lambda page: put_in(page, "not"), 2, 3), kinds=TEXT),
    )


PLANTED = (*_blank_rows(), *_text_rows(), *_contact_rows(), *_signing_rows(), *_file_rows())


def _near(name: str, code: str, plant: Plant, editions: tuple[str, ...] = made.EDITIONS) -> Planted:
    return Planted(name=name, code=code, plant=plant, editions=editions)


def _acting_chief(agency: Mapping[str, Any], _: random.Random) -> Spec:
    is_county = agency["agency.kind"] == "county"
    return Spec(changes={"signatory.title": "Interim Sheriff" if is_county else "Acting Chief of Police"})


def _names_with_initials(agency: Mapping[str, Any], _: random.Random) -> Spec:
    return Spec(instead={"agency": f"{agency['agency.legal_name']} ({agency['agency.short_name']})"})


def _same_number_otherwise(agency: Mapping[str, Any], _: random.Random) -> Spec:
    plain = "".join(c for c in str(agency[f"{PROGRAM}.phone"]) if c.isdigit())
    return Spec(
        changes={
            f"{PUBLIC}.full_name": agency[f"{PROGRAM}.full_name"],
            f"{PUBLIC}.phone": f"{plain[:3]}-{plain[3:6]}-{plain[6:]}",
            f"{PUBLIC}.email": agency[f"{PROGRAM}.email"],
        }
    )


def _name_with_state(agency: Mapping[str, Any], _: random.Random) -> Spec:
    return Spec(instead={"appendix_b": f"{agency['agency.legal_name']}, {agency['agency.state']}"})


def _date_above_line(_agency: Mapping[str, Any], chance: random.Random) -> Draw:
    rise = chance.uniform(5, 8)

    def draw(drawing: canvas.Canvas, _: Edition, places: dict[str, Rect]) -> None:
        x0, y0 = places["lea_date"][:2]
        drawing.setFont("Helvetica", 10)
        drawing.drawString(x0 + 6, y0 + rise, "March 28, 2025")

    return draw


NEARLY = (
    _near("acting chief", "signer-not-chief", _acting_chief),
    _near("two offices", "signer-not-chief", _change("signatory.title", "Chief of Police / City Administrator")),
    _near("a county road", "other-agency-data", _change("agency.address.street", "1200 Clay County Road 12"), TFM),
    _near(
        "a line that ends narrow", "text-clipped",
        _change(f"{PROGRAM}.title", "Lt. Colonel, Unit I", "Captain, Patrol II"),
    ),
    _near("an extension", "contact-format", _change(f"{PROGRAM}.phone", "555.555.0142 ext. 11", "(404) 555-0142 x204")),
    _near(
        "rank before a name", "poc-a-no-person",
        _change(f"{PROGRAM}.full_name", "Capt. Ida Farrell", "Sgt. Wes Trumbull"), TFM,
    ),
    _near("mail alone", "pubinfo-no-contact", _change(f"{PUBLIC}.phone", None)),
    _near("telephone alone", "pubinfo-no-contact", _change(f"{PUBLIC}.email", None)),
    _near("a short month", "date-format", _dated("Mar. 28, 2025", "3.28.25")),
    _near("words like others", "typo", _change(f"{PUBLIC}.title", "Marshall Offices Liaison")),
    _near("another number", "contact-mismatch", _change(f"{PUBLIC}.phone", "(404) 555-0103")),
    _near("one number otherwise", "contact-mismatch", _same_number_otherwise, TFM),
    _near("initials defined", "abbrev-undefined", _names_with_initials, OLD),
    _near("name and State", "name-inconsistent", _name_with_state, TFM),
    _near("OPLA of a field office", "opla-not-opla", _instead("opla", "Atlanta Field Office OPLA", "OPLA Houston")),
    _near("date over its line", "date-blank", _drawn(_date_above_line, dated=None)),
    _near("stamp of the day", "date-vs-signature", _stamped("2025.03.28")),
)  # fmt: skip
"""What looks like a mistake of a rule, and is none."""
