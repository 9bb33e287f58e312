"""Reading as scanners and agencies have it: words in pieces, headings of their own, writing by hand, hidden lines."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.pdf.viewer.viewed_pdf import SCALE, ViewedPage
from assistant.reading.contacts import contact_from
from assistant.reading.handwriting import BY_PEN, PRINTED, share_on_line
from assistant.reading.label_spots import list_spot
from assistant.reading.old_block import unlabelled_block
from assistant.reading.outside import hidden_lines, named_agencies
from assistant.reading.split_layers import is_split, joined_pieces
from assistant.reading.tokens import Token, text_of_tokens
from tests.unit.test_finished_rules import found

if TYPE_CHECKING:
    from assistant.reading.tokens import TokenSource

WIDE = 5.0
"""Points that a letter of these tokens is wide."""


def line(text: str, base: float, x0: float = 60.0, *, source: TokenSource = "recognised") -> list[Token]:
    """Return the words of a line, each letter 5 pt wide."""
    tokens = []
    for word in text.split():
        end = x0 + WIDE * len(word)
        tokens.append(Token(text=word, x0=x0, x1=end, base=base, size=10.0, source=source))
        x0 = end + 3.0
    return tokens


def page() -> ViewedPage:
    return ViewedPage(
        number=1, width=612.0, height=792.0, turn=0, sideways=0, covered=1.0, skew=0.0, words=(), marks=()
    )


def pieces(text: str, base: float) -> list[Token]:
    """Return a line whose words are set apart into pieces of two letters, with narrower gaps inside words."""
    x0, tokens = 60.0, []
    for word in text.split():
        for n in range(0, len(word), 2):
            part = word[n : n + 2]
            end = x0 + WIDE * len(part)
            tokens.append(Token(text=part, x0=x0, x1=end, base=base, size=10.0, source="recognised"))
            x0 = end + 2.6
        x0 += 0.8
    return tokens


def test_words_in_pieces_are_joined_by_the_gaps_between_them() -> None:
    text = "employees of the Elkhorn Valley County Sheriff's Office"
    whole = [token for n in range(10) for token in pieces(text, 700.0 - 14 * n)]
    assert is_split(whole)
    joined = joined_pieces(whole)
    assert text_of_tokens([token for token in joined if token.base == 700.0]) == text
    assert not is_split([token for n in range(10) for token in line(text, 700.0 - 14 * n)])


def test_a_heading_with_the_agencys_own_name_begins_the_list() -> None:
    tokens = [
        *line("For the Pine County Sheriff's Office:", 600),
        *line("Public Affairs Office", 586),
        *line("For ICE:", 460),
        *line("Office of Public Affairs", 446),
    ]
    spot = list_spot("public", page(), tokens)
    assert spot is not None
    assert text_of_tokens(spot.tokens) == "Public Affairs Office"


def test_a_list_ends_at_the_next_heading_however_it_was_read() -> None:
    tokens = [
        *line("For the LEA:", 600),
        *line("Sheriff, Pine County", 586),
        *line("For OHS:", 560),
        *line("Field Office Director", 546),
    ]
    spot = list_spot("contact_vii", page(), tokens)
    assert spot is not None
    assert text_of_tokens(spot.tokens) == "Sheriff, Pine County"


def test_a_person_on_the_titles_line_is_the_contacts() -> None:
    reading = found("public", "pio @pcso.example.gov", "Sgt. Peter Lindt", "Public Information", "239-555-0173")
    paths = ("full_name", "title", "phone", "email")
    lines = tuple(
        type(one)(text=one.text, path=f"public_information_contact.{path}")
        for one, path in zip(reading.lines, paths, strict=True)
    )
    contact, _ = contact_from(type(reading)(slot="public", page=1, label="", source="recognised", lines=lines))
    assert (contact.full_name, contact.email) == ("Peter Lindt", "pio@pcso.example.gov")


def test_the_block_of_the_old_prints_is_read_by_its_dates() -> None:
    tokens = [
        *line("By signing this MOA, each party represents it is fully authorized", 594),
        *line("Date: May 6, 2019", 508),
        *line("Date: 4/30/2019", 508, 330),
        *line("Casey L. Rowan", 452),
        *line("Jordan Pell", 452, 330),
        *line("Executive Associate Director", 439),
        *line("Sheriff", 439, 330),
        *line("U.S. Immigration and Customs Enforcement", 426),
        *line("Pine County Sheriff's Office", 426, 330),
    ]
    spots = {spot.slot: text_of_tokens(spot.tokens) for spot in unlabelled_block(page(), tokens)}
    assert spots["lea_date"] == "4/30/2019"
    assert (spots["lea_name"], spots["lea_title"]) == ("Jordan Pell", "Sheriff")
    assert spots["ice_date"] == "May 6, 2019"
    assert unlabelled_block(page(), tokens[12:]) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Polk County Sheriff's Office will handle complaints", ["Polk County Sheriff's"]),
        ("The county sheriff will handle complaints", []),
        ("1200 Clay County Road 12", []),
        ("The Nowhere County Sheriff's Office", []),
    ],
)
def test_another_countys_agency_in_the_printed_text_is_found(text: str, names: list[str]) -> None:
    assert list(named_agencies(line(text, 500), [])) == names


def test_hidden_lines_outside_the_blanks_are_found() -> None:
    hidden = line("Cc: Lake County Sheriff's Office", 60, source="hidden")
    assert list(hidden_lines([*hidden, *line("Revised", 30)], [])) == ["Cc: Lake County Sheriff's Office"]
    assert list(hidden_lines(line("Draft", 60, source="hidden"), [])) == []


def test_printed_letters_stand_on_one_line_and_written_ones_do_not() -> None:
    picture = Image.new("L", (round(612 * SCALE), round(792 * SCALE)), 255)
    drawing = ImageDraw.Draw(picture)
    font = ImageFont.load_default(16)
    high = 792 * SCALE
    x = 100.0
    chance = random.Random(4)  # noqa: S311 - the same hand every time
    for digit in "03 12 2025":
        drawing.text((x, high - 700 * SCALE), digit, font=font, fill=0)
        drawing.text((x, high - 500 * SCALE + chance.uniform(-5, 5)), digit, font=font, fill=0)
        x += 14
    box = (60.0, 680.0, 200.0, 708.0)
    printed, written = share_on_line(picture, box), share_on_line(picture, (60.0, 475.0, 200.0, 512.0))
    assert printed is not None
    assert printed >= PRINTED
    assert written is not None
    assert written < BY_PEN
    assert share_on_line(picture, (60.0, 300.0, 200.0, 330.0)) is None
