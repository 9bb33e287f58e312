"""Reading a finished agreement: dates, stamps, labels, contacts, ink; each also where a program misread the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from assistant.pdf.viewer.drawn_letters import DrawnLetter
from assistant.pdf.viewer.drawn_words import Word, words_of
from assistant.pdf.viewer.marks import PageMark
from assistant.pdf.viewer.viewed_pdf import SCALE, ViewedPage
from assistant.reading.agreement import ReadLine, SlotReading
from assistant.reading.answers_of import answers_from, kind_of_agency
from assistant.reading.block import signature_spots
from assistant.reading.contacts import city_and_state, contact_from, parted, plain_parts, split_title
from assistant.reading.filling import is_cut, kept_lines
from assistant.reading.known_pages import KnownPages, counted, match_pages, missing_pages
from assistant.reading.label_spots import inline_spots
from assistant.reading.looks import ink_in
from assistant.reading.printed_revision import printed_revision, spelled_revision
from assistant.reading.slots import nearest_edition
from assistant.reading.tokens import Token, drawn_size, find_phrase, text_of_tokens, tokens_of
from assistant.reading.written_dates import find_date, read_date, read_misread_date, stamp_date

if TYPE_CHECKING:
    from collections import Counter

    from assistant.answers import Model


def word(text: str, x0: float, base: float, size: float = 12.0) -> Word:
    return Word(text=text, x0=x0, x1=x0 + 6 * len(text), base=base, size=size)


def page(*words: Word, marks: tuple[PageMark, ...] = (), covered: float = 0.0) -> ViewedPage:
    return ViewedPage(
        number=1, width=612, height=792, turn=0, sideways=0, covered=covered, skew=0.0, words=words, marks=marks
    )


def letters(text: str, x: float, size: float) -> list[tuple[DrawnLetter, float, float, str]]:
    return [
        (DrawnLetter(c, x + 6 * n, 0, x + 6 * n + 6, size, x + 6 * n, 0, n), size, 0.0, "") for n, c in enumerate(text)
    ]


def test_words_of_two_sizes_are_parted_where_they_do_not_touch() -> None:
    near = [*letters("at", 0, 12), *letters("ADDRESS", 13.6, 11)]
    assert [w.text for w in words_of(near, lambda x, y: (x, y), 0)] == ["at", "ADDRESS"]
    touching = [*letters("26", 0, 12), *letters("th", 12, 7)]
    assert [w.text for w in words_of(touching, lambda x, y: (x, y), 0)] == ["26th"]


def test_an_underscore_within_a_word_is_a_letter_and_a_row_of_them_a_line() -> None:
    said_so = [w.text for w in words_of(letters("sam_b@pcso___Sheriff_", 0, 12), lambda x, y: (x, y), 0)]
    assert said_so == ["sam_b@pcso", "Sheriff"]


def line(text: str, *, x0: float = 60, base: float = 500) -> list[Word]:
    words, x = [], x0
    for part in text.split():
        words.append(word(part, x, base))
        x = words[-1].x1 + 4
    return words


def tokens(text: str) -> list[Token]:
    return tokens_of(page(*line(text)))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/28/2025", date(2025, 3, 28)),
        ("3-8-25", date(2025, 3, 8)),
        ("March 5, 2025", date(2025, 3, 5)),
        ("5th day of March, 2025", date(2025, 3, 5)),
        ("26 Feb 2025", date(2025, 2, 26)),
        ("2025-02-26", date(2025, 2, 26)),
        ("02/30/2025", None),
        ("March 2025", None),
        ("soon", None),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert read_date(text) == day


def test_a_day_that_does_not_exist_is_told_from_no_date() -> None:
    assert find_date("02/30/2025") == (2025, 2, 30)
    assert find_date("to be set") is None


def test_a_slash_read_as_a_1_is_forgiven_only_where_asked() -> None:
    assert read_misread_date("03128/2025") == date(2025, 3, 28)
    assert read_date("03128/2025") is None


def test_the_stamp_of_an_electronic_signature_is_read() -> None:
    assert stamp_date("Digitally signed by A Date: 2025.02.26 14:03:11 -05'00'") == date(2025, 2, 26)
    assert stamp_date("02/26/2025") is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    find_date(text)
    read_date(text)
    stamp_date(text)
    read_misread_date(text)
    split_title(text)
    parted([text])
    kind_of_agency(text)


@pytest.mark.parametrize(
    "printed",
    ["Revised 02/12/2025", "Revised 02/1212025", "Revised O2/12/2025", "Revlsed 02/I2/2025", "Revised: 02112/2025"],
)
def test_the_revision_is_known_though_misread(printed: str) -> None:
    assert printed_revision([tokens(printed)], "TFM") == "2025-02-12"


def test_a_short_revision_is_known() -> None:
    assert printed_revision([tokens("Rev 2/14/25")], "WSO") == "2025-02-14"


def test_the_revision_of_most_pages_counts() -> None:
    pages = [tokens("Revised 03/07/2025"), tokens("Revised 03/07/2025"), tokens("Revised 02/12/2025")]
    assert printed_revision(pages, "TFM") == "2025-03-07"


def test_no_revision_is_none() -> None:
    assert printed_revision([tokens("This text was revised by the board")], "TFM") is None


@pytest.mark.parametrize(
    ("model", "stamp", "spelled", "has_fields", "edition_id"),
    [
        ("TFM", "2025-02-14", "02/14/2025", True, "2025-02-14"),
        ("TFM", "2025-02-14", "02/14/2025", False, "2025-02-14.flat"),
        ("WSO", "2025-02-14", "02/14/2025", False, "2025-02-14"),
        ("WSO", "2025-02-14", "2/14/25", False, "2025-02-14.flat"),
        ("WSO", "2025-02-14", "2/14/25", True, "2025-02-14.flat"),
        ("WSO", "2025-02-14", "", True, "2025-02-14"),
        ("WSO", "2025-02-15", "02/15/2025", True, "2025-02-15"),
    ],
)
def test_two_prints_of_one_revision_are_told_apart(
    model: Model, stamp: str, spelled: str, *, has_fields: bool, edition_id: str
) -> None:
    near = nearest_edition(model, stamp, spelled=spelled, has_fields=has_fields)
    assert near is not None
    assert near.edition_id == edition_id


@pytest.mark.parametrize(
    ("printed", "spelled"),
    [
        (["Rev 2/14/25 1", "Rev 2/14/25 2"], "2/14/25"),
        (["Revised 02/14/2025", "Revised O2/14/2025"], "02/14/2025"),
        (["Revised 02/14/2025", "Rev 2/14/25 7", "Revised 02/14/2025"], "02/14/2025"),
        (["This text was revised"], ""),
    ],
)
def test_the_spelling_of_a_revision_tells_its_print(printed: list[str], spelled: str) -> None:
    assert spelled_revision([tokens(text) for text in printed], "WSO", "2025-02-14") == spelled


def test_labels_without_their_letters_are_decoded() -> None:
    found = tokens_of(page(word("1DPH", 60, 200), word("BBBBBBBBBBBB", 90, 200), word("7LWOH", 60, 180)))
    assert [token.text for token in found] == ["Name:", "Title:"]


def test_a_label_and_its_value_run_together_are_parted() -> None:
    assert [token.text for token in tokens("Date:2/26/2025")] == ["Date:", "2/26/2025"]


def test_phrases_are_found_though_misread() -> None:
    found = tokens("certifled officers or emp1oyees ofthe Pine County Police (hereinafter")
    after = find_phrase(found, ("officers", "or", "employees", "of", "the"))
    assert after is not None
    assert text_of_tokens(found[after:]).startswith("Pine County Police")
    assert find_phrase(found, ("memorandum", "of", "agreement")) is None


def test_a_blank_in_a_sentence_is_what_stands_between_its_words() -> None:
    words = line("Security (DHS), and the Pine County Police, pursuant to which")
    spots = {spot.slot: spot for spot in inline_spots("first", page(*words), tokens_of(page(*words)))}
    assert text_of_tokens(spots["agency"].tokens) == "Pine County Police"


def test_a_text_that_runs_over_the_printed_words_is_not_told_to_its_end() -> None:
    words = [*line("Security (DHS), and the Pine County"), *line("pursuant to which", x0=320), word("Police", 340, 501)]
    spots = {spot.slot: spot for spot in inline_spots("first", page(*words), tokens_of(page(*words)))}
    assert spots["agency"].overrun
    clear = [w for w in words if w.text != "Police"]
    assert not inline_spots("first", page(*clear), tokens_of(page(*clear)))[0].overrun


def test_a_field_is_read_where_it_stands_and_not_by_its_name() -> None:
    words = [*line("Security (DHS), and the"), *line("pursuant to which", x0=400)]
    mark = PageMark(
        kind="Tx", rect=(200, 497, 398, 510), name="undefined_3", text="Pine County Police", has_appearance=True
    )
    seen = page(*words, marks=(mark,))
    spots = {spot.slot: spot for spot in inline_spots("first", seen, tokens_of(seen))}
    assert text_of_tokens(spots["agency"].tokens) == "Pine County Police"


def test_a_raised_text_is_read_on_a_scan_with_specks_beside_it() -> None:
    sentence = [*line("agreement between ICE and the"), *line("hereinafter referred to", x0=420)]
    raised = [word(w.text, w.x0, w.base, 7) for w in line("Pine County Police", x0=245, base=508)]
    seen = page(*sentence, *raised, word("5", 70, 507, 7), word("*", 120, 507, 7), word("fc", 560, 507, 7), covered=1.0)
    (spot,) = inline_spots("appendix_b", seen, tokens_of(seen))
    assert text_of_tokens(spot.tokens) == "Pine County Police"


def test_the_printed_line_above_is_not_read_as_a_raised_text() -> None:
    above = [replace(w, base=512.6 - 0.002 * w.x0) for w in line("shall notify the local office of the State", x0=150)]
    sentence = [*line("agreement between ICE and the"), *line("hereinafter referred to", x0=460)]
    seen = page(*above, *sentence, covered=1.0)
    (spot,) = inline_spots("appendix_b", seen, tokens_of(seen))
    assert text_of_tokens(spot.tokens) == ""


def block(*more: Word) -> ViewedPage:
    labels = [
        word("Date:", 60, 284), word("Date:", 311, 284), word("Signature:", 60, 256), word("Signature:", 311, 256),
        word("Title:", 60, 229), word("Title:", 311, 229),
    ]  # fmt: skip
    return page(*labels, *more)


def test_each_side_of_the_signature_block_has_its_own_rows() -> None:
    seen = block(word("03/28/2025", 100, 287), word("Sheriff", 100, 231), word("Director", 350, 231))
    rows = {spot.slot: text_of_tokens(spot.tokens) for spot in signature_spots(seen, tokens_of(seen))}
    assert rows["lea_date"] == "03/28/2025"
    assert rows["lea_title"] == "Sheriff"
    assert rows["ice_title"] == "Director"
    assert rows["lea_signature"] == ""


def test_a_text_above_its_row_may_begin_over_the_labels_end() -> None:
    seen = block(word("Sheriff", 322, 239))
    rows = {spot.slot: text_of_tokens(spot.tokens) for spot in signature_spots(seen, tokens_of(seen))}
    assert rows["ice_title"] == "Sheriff"
    seen = block(word("Sheriff", 322, 231))
    rows = {spot.slot: text_of_tokens(spot.tokens) for spot in signature_spots(seen, tokens_of(seen))}
    assert rows["ice_title"] == ""


def test_a_label_that_was_not_read_stands_level_with_the_other_sides() -> None:
    seen = block(word("Sheriff", 100, 231))
    seen = replace(seen, words=tuple(w for w in seen.words if not (w.text == "Title:" and w.x0 < 100)))
    rows = {spot.slot: text_of_tokens(spot.tokens) for spot in signature_spots(seen, tokens_of(seen))}
    assert rows["lea_title"] == "Sheriff"


def test_a_page_of_prose_has_no_signature_block() -> None:
    seen = page(*line("The date and the signature of each title are kept by name of the agency"))
    assert signature_spots(seen, tokens_of(seen)) == []


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        ("Sheriff", "Sheriff", None),
        ("Sheriff Jordan Tester", "Sheriff", "Jordan Tester"),
        ("Jordan Tester, Chief of Police", "Chief of Police", "Jordan Tester"),
        ("Chief of Police", "Chief of Police", None),
        ("Jordan Tester", "Jordan Tester", None),
    ],
)
def test_a_title_blank_may_hold_the_name_too(text: str, title: str, name: str | None) -> None:
    assert split_title(text) == (title, name)


def test_a_contact_is_read_in_any_order_of_lines() -> None:
    found = parted(
        ["Phone: 404-555-0103 / pio@pcso.example.gov", "100 Main Street, Example City, GA 30301", "Dana Example"]
    )
    assert found == {
        "name": ["Dana Example"],
        "phone": ["404-555-0103"],
        "address": ["100 Main Street, Example City, GA 30301"],
        "email": ["pio@pcso.example.gov"],
        "named": [],
        "titled": [],
    }


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("(404) 555-0103, Ext: 1986, (work cell)", []),
        ("(404) 555-0103 (office)", []),
        ("(404) 555-0103 Sam Sample", ["Sam Sample"]),
        ("Office", ["Office"]),
    ],
)
def test_what_says_which_telephone_it_is_is_no_title(line: str, rest: list[str]) -> None:
    assert parted([line])["name"] == rest


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Dana Example", "Public Information Officer"), "Dana Example"),
        (("Public Information Officer", "Dana Example"), "Dana Example"),
        (("Pine County Sheriff’s Office", "PIO Dana Example"), "Dana Example"),
        (("Pine County Sheriff’s Office PIO Dana Example",), "Dana Example"),
        (("Public Information Office",), "Public Information Office"),
        (("Special Detail", "Sgt. Marshall Hill"), "Marshall Hill"),
        (("Dana Example", "Major Crimes Unit"), "Dana Example"),
        (("Ms. Dana Example", "PIO"), "Dana Example"),
    ],
)
def test_the_person_among_a_contacts_lines_is_found(lines: tuple[str, ...], name: str) -> None:
    found = SlotReading(
        slot="public", page=1, label="", source="text", lines=tuple(ReadLine(text=line) for line in lines)
    )
    assert contact_from(found)[0].full_name == name


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("100 Main Street, Example City, GA 30301", ("100 Main Street", "Example City", "GA", "30301")),
        (
            "1 Elm St., Suite 200, Example City, FL 34652-1234",
            ("1 Elm St., Suite 200", "Example City", "FL", "34652-1234"),
        ),
        ("Hīlo, HI 96720", ("", "Hīlo", "HI", "96720")),
        ("Example City, Florida 34652", ("", "Example City", "FL", "34652")),
        ("Charleston West Virginia 25301", ("", "Charleston", "WV", "25301")),
        ("St. Paul, MN, 55101", ("", "St. Paul", "MN", "55101")),
    ],
)
def test_an_address_is_parted_from_its_end(text: str, end: tuple[str, str, str, str]) -> None:
    found = city_and_state(text)
    assert found is not None
    assert (found.before, found.city, found.state, found.zip) == end


@pytest.mark.parametrize("text", ["Captain, Patrol", "Example City, Somewhere 34652", "Badge 34652", "34652", ""])
def test_what_names_no_state_is_no_end_of_an_address(text: str) -> None:
    assert city_and_state(text) is None


def contact(*lines: tuple[str, str]) -> SlotReading:
    """Return the lines of a contact, each with what the map asks for there ("" where no map tells)."""
    parts = tuple(ReadLine(text=text, path=f"program_contact.{asked}" if asked else "") for text, asked in lines)
    return SlotReading(slot="contact", page=1, label="", source="text", lines=parts)


NAME = ("Road Street", "full_name")
DIVISION = ("Road Deputy, East Street Division", "title")


@pytest.mark.parametrize(
    ("lines", "name", "title", "street"),
    [
        ([NAME, DIVISION], "Road Street", "Road Deputy, East Street Division", None),
        ([("Road Street", ""), DIVISION], "Road Street", "Road Deputy, East Street Division", None),
        ([("Road Street", ""), ("Deputy, East Street", "")], "Road Street", "Deputy, East Street", None),
        ([("Sam O’Brien, Captain, Patrol", "full_name")], "Sam O’Brien", "Captain, Patrol", None),
        ([("Sam O’Brien, Captain, Patrol", "")], "Sam O’Brien", "Captain, Patrol", None),
        ([DIVISION], None, "Road Deputy, East Street Division", None),
        ([("Captain", "full_name"), ("Sam Sample", "title")], "Sam Sample", "Captain", None),
        ([("Captain Sam Sample", "full_name"), ("1 Main Street", "title")], "Sam Sample", "Captain", "1 Main Street"),
        ([NAME, ("Captain", "title"), ("n/a", "phone"), ("none", "email")], "Road Street", "Captain", None),
        ([NAME, ("Captain", "full_name"), ("Patrol", "title")], "Road Street", "Captain, Patrol", None),
    ],
)
def test_the_map_says_what_a_line_is_unless_it_is_plainly_something_else(
    lines: list[tuple[str, str]], name: str | None, title: str | None, street: str | None
) -> None:
    made, address = contact_from(contact(*lines))
    assert (made.full_name, made.title) == (name, title)
    assert (address.street if address else None) == street


def test_an_address_in_any_of_its_spellings_is_no_title() -> None:
    made, address = contact_from(
        contact(("Sam Sample", ""), ("Captain", ""), ("Suite 2, Example City, Florida 34652", ""))
    )
    assert made.title == "Captain"
    assert address is not None
    assert (address.street, address.city, address.state, address.zip) == ("Suite 2", "Example City", "FL", "34652")


def test_only_what_stands_alone_on_its_line_is_told_plainly() -> None:
    whole = contact(("Sam Sample", "full_name"), ("Office: 404-555-0102 Cell: 404-555-0199", "phone"))
    assert "Sam Sample" in plain_parts(whole)
    assert "404-555-0102" not in plain_parts(whole)
    assert "404-555-0102" in plain_parts(contact(("Office: 404-555-0102", "phone")))
    doubted = replace(whole, lines=tuple(replace(line, doubtful=True) for line in whole.lines))
    assert not plain_parts(doubted)


def test_initials_outside_the_latin_basics_are_initials() -> None:
    slots = {
        "agency": SlotReading(
            slot="agency", page=1, label="", source="text", lines=(ReadLine(text="Kō County Sheriff (KŌSO)"),)
        ),
        "agency_again": SlotReading(
            slot="agency_again", page=1, label="", source="text", lines=(ReadLine(text="KŌSO"),)
        ),
    }
    assert answers_from(slots, "TFM").agency.legal_name == "Kō County Sheriff"
    assert answers_from(slots, "TFM").agency.short_name == "KŌSO"
    longer = {
        **slots,
        "agency_again": replace(slots["agency_again"], lines=(ReadLine(text="The Kō County Sheriff’s Office"),)),
    }
    longer["agency"] = replace(slots["agency"], lines=(ReadLine(text="Kō County Sheriff"),))
    assert answers_from(longer, "TFM").agency.short_name is None


def test_letters_that_cannot_be_told_are_no_text_but_a_label_is_decoded() -> None:
    coded = replace(word("$!+%", 100, 200), coded=True)
    label = replace(word("7LWOH", 60, 200), coded=True)
    ghost = replace(word("Ghost", 160, 200), hidden=True)
    found = tokens_of(page(label, coded, ghost, word("Sheriff", 220, 200)))
    assert [(token.text, token.source) for token in found] == [
        ("Title:", "text"), ("$!+%", "coded"), ("Ghost", "hidden"), ("Sheriff", "text"),
    ]  # fmt: skip


def test_a_field_is_read_as_it_is_drawn_and_its_value_is_hidden() -> None:
    mark = PageMark(kind="Tx", rect=(0, 0, 90, 14), text="Somebody Else", drawn_text="Sam Sample", has_appearance=True)
    found = tokens_of(page(marks=(mark,)))
    assert {(token.text, token.source, token.doubtful) for token in found} == {
        ("Sam Sample", "field", True), ("Somebody Else", "hidden", True),
    }  # fmt: skip
    (cut,) = tokens_of(page(marks=(replace(mark, drawn_text="Some"),)))
    assert (cut.text, cut.source, cut.doubtful) == ("Somebody Else", "field", True)
    (same,) = tokens_of(page(marks=(replace(mark, drawn_text="somebody else"),)))
    assert not same.doubtful


def test_only_lines_to_write_on_are_taken_out_of_a_text() -> None:
    assert text_of_tokens(tokens("sam_b@pcso.gov")) == "sam_b@pcso.gov"
    assert text_of_tokens(tokens("____ Peña – Łódź _____")) == "Peña – Łódź"
    (kept,) = kept_lines(tokens("– Jordan B. Núñez ."))
    assert [token.text for token in kept] == ["Jordan", "B.", "Núñez"]
    assert kept_lines(tokens("B")) == []


def test_initials_that_a_program_recognised_are_kept_and_specks_are_not() -> None:
    def kept(text: str) -> list[str]:
        read = [replace(token, source="recognised") for token in tokens(text)]
        return [token.text for line in kept_lines(read) for token in line]

    assert kept("John Q. Public") == ["John", "Q.", "Public"]
    assert kept("100 Main Street, Suite B") == ["100", "Main", "Street,", "Suite", "B"]
    assert kept("i Sheriff l") == ["Sheriff"]
    assert kept("B") == kept("Q. B") == []


def test_an_auto_sized_text_shrinks_to_its_box() -> None:
    mark = PageMark(kind="Tx", rect=(0, 0, 90, 12.7), text="Pine County Sheriff’s Office, Georgia")
    assert drawn_size(mark) == pytest.approx(5.5, abs=0.4)
    assert not is_cut(mark)
    assert is_cut(replace(mark, text=mark.text * 3))


def test_a_fixed_text_wider_than_its_box_is_cut() -> None:
    mark = PageMark(kind="Tx", rect=(0, 0, 57, 22), text="Pine County Sheriff", fixed=12)
    assert is_cut(mark)
    assert not is_cut(replace(mark, text="PCSO"))
    assert not is_cut(replace(mark, multiline=True))


def picture(draw: bool, *, grey: int = 0, paper: int = 255) -> Image.Image:  # noqa: FBT001 - drawn or not
    made = Image.new("L", (int(612 * SCALE), int(792 * SCALE)), paper)
    pen = ImageDraw.Draw(made)
    y = made.height - int(200 * SCALE)
    pen.line((int(60 * SCALE), y, int(240 * SCALE), y), fill=0, width=2)
    if draw:
        pen.line([(90 + 8 * n, y - 3 - 9 * (n % 2)) for n in range(12)], fill=grey, width=2)
    return made


def test_a_line_to_write_on_is_no_ink() -> None:
    assert ink_in(picture(draw=False), [(60, 199, 240, 212)]).is_absent
    assert ink_in(picture(draw=False, paper=225), [(60, 199, 240, 212)]).is_absent


def test_strokes_above_a_line_are_ink() -> None:
    ink = ink_in(picture(draw=True), [(60, 199, 240, 212)])
    assert ink.is_present
    assert not ink.is_absent
    assert ink_in(picture(draw=True, grey=190), [(60, 202, 240, 212)]).darkest > 150


KNOWN = KnownPages(tuple(counted([f"word{n}{k}" for k in range(30)] + ["common"] * 5) for n in range(3)), weights={})


def bag(n: int) -> Counter[str]:
    return counted([f"word{n}{k}" for k in range(30)] + ["common"] * 5)


def test_pages_are_known_in_any_order_and_a_strange_one_is_none() -> None:
    seen = [replace(page(), number=n) for n in (1, 2, 3)]
    bags = [bag(2), bag(0), counted(f"other{k}" for k in range(30))]
    matches = match_pages(seen, bags, KNOWN)
    assert [match.form_page for match in matches] == [3, 1, None]
    assert missing_pages(matches, bags, KNOWN) == (2,)


def test_a_page_that_cannot_be_read_may_be_the_missing_one() -> None:
    seen = [replace(page(), number=n) for n in (1, 2, 3)]
    bags = [bag(2), bag(0), counted(())]
    matches = match_pages(seen, bags, KNOWN)
    assert matches[2].unread
    assert missing_pages(matches, bags, KNOWN) == ()
