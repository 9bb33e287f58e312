"""What a message asks is quoted from it, letter by letter; older text, signatures and courtesies are left off."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.messages.plain_text import text_of_html
from assistant.messages.requests import requests_in, without_older_text

ASKED = (
    "Please sign and date page 7 again.",
    "Can you confirm the name of the program contact?",
    "The date beside the signature is missing.",
    "You must send the whole MOA as one PDF.",
    "We need a list of nominees with their ranks.",
    "The Letter of Interest was not signed.",
    "Kindly resubmit by close of business on Mar. 3.",
    "Is Capt. O’Brien still the point of contact, e.g. for Appendix A?",
    "Please sign the MOA, and if you have any questions, call the field office.",
    "Thank you for the letter, but please send the signed MOA.",
    "However, the MOA submitted is not the most current version.",
    "ERO requires the name of your point of contact.",
    "The agency name on page 1 does not match the letter.",
)
NOT_ASKED = (
    "Good morning.",
    "We have received your documents.",
    "If you have any questions, please do not hesitate to contact us.",
    "Please feel free to call with any questions.",
    "Please let us know if you have any questions.",
    "Should you have any questions, please email this office.",
    "Thank you for your interest in the 287(g) program.",
    "Your agreement is being reviewed.",
    "The U.S. office is open on Monday.",
)
TAILS = (
    "\nRegards,\nA. Officer\nPlease print double-sided.\n",
    "\n-- \nA. Officer\nCan you see this?\n",
    "\nV/r\n\nA. Officer\n",
    "\nOn Mon, Jan 5, 2026 at 3:00 PM Sam O’Brien <sam@example.gov>\nwrote:\n\nCan you confirm?\n",
    "\n-----Original Message-----\nFrom: Sam\nCan you confirm?\n",
    "\n________________________________\nFrom: Sam <sam@example.gov>\nCan you confirm?\n",
    "\nFrom: Sam <sam@example.gov>\nSent: Monday\nTo: ICE\nSubject: x\n\nCan you confirm?\n",
    "\n> Can you confirm?\n> Please answer.\n",
    "\nWARNING: If you are not the intended recipient, please delete this message.\n",
    "",
)


@pytest.mark.parametrize("sentence", ASKED)
def test_what_is_asked_is_quoted(sentence: str) -> None:
    assert requests_in(f"Good morning,\n\n{sentence}\n") == (sentence,)


@pytest.mark.parametrize("sentence", NOT_ASKED)
def test_what_is_not_asked_is_not_quoted(sentence: str) -> None:
    assert requests_in(f"Dear Sheriff,\n\n{sentence}\n") == ()


@pytest.mark.parametrize("tail", TAILS)
def test_older_text_and_signatures_are_left_off(tail: str) -> None:
    assert requests_in(f"Hello,\n\n{ASKED[0]}\n{tail}") == (ASKED[0],)


def test_points_of_a_list_are_quoted_after_the_line_that_asks_for_them() -> None:
    text = "Please send:\n\n- the roster,\n  with ranks\n2. the letter\n\nWe look forward to it:\n- a meeting\n"
    assert requests_in(text) == ("Please send:", "the roster, with ranks", "the letter")


def test_mixed_messages_of_many_kinds() -> None:
    for seed in range(300):
        dice = random.Random(seed)  # noqa: S311 - a test that can be repeated
        asked = dice.sample(ASKED, dice.randint(0, 5))
        sentences = asked + dice.sample(NOT_ASKED, dice.randint(0, 5))
        dice.shuffle(sentences)
        breaks = [dice.choice((" ", "\n", "\n\n", "\r\n")) for _ in sentences]
        text = "".join(part for pair in zip(sentences, breaks, strict=True) for part in pair)
        told = requests_in(f"{text}\n{dice.choice(TAILS)}")
        assert set(told) == set(asked), f"seed {seed}"


@given(st.text(max_size=400))
def test_nothing_is_made_up(text: str) -> None:
    own = " ".join(text.split())
    for request in requests_in(text):
        assert request.rstrip("…") in own
    assert set(without_older_text(text).split()) <= set(text.split())


@given(st.lists(st.sampled_from([*ASKED, *TAILS, "> x", "- a", "On ", "From: a", "\n", "\x00", "wrote:"]), max_size=40))
def test_any_message_is_read(parts: list[str]) -> None:
    for request in requests_in("\n".join(parts)):
        assert request
        assert len(request) <= 1_001


def test_the_words_of_html_have_their_lines_and_quotations() -> None:
    html = (
        "<html><head><title>x</title><style>p {}</style></head><body><p>Please sign\n page 7.</p><ul><li>the "
        "MOA</li></ul>Can&nbsp;you?<br>Yes &lt;b&gt;<script>alert(1)</script><blockquote><p>Please answer.</p>"
        "</blockquote></body></html>"
    )
    assert [line for line in text_of_html(html).split("\n") if line.strip(" >")] == [
        "Please sign page 7.", "- the MOA", "Can you?", "Yes <b>", "> Please answer.",
    ]  # fmt: skip
    assert requests_in(text_of_html(html)) == ("Please sign page 7.", "Can you?")
