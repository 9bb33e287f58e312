"""A paper and its page say the same, word for word and in the same order: both are made from the same blocks."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from assistant.answers import MODELS, Answers, dump
from assistant.cli.main import run
from assistant.documents import blocks
from assistant.documents.board_packet import compose_board_packet
from assistant.documents.cost_sheet import compose_cost_sheet
from assistant.documents.html_page import to_html, to_markup
from assistant.documents.setting import to_pdf
from assistant.documents.signatory_brief import compose_brief
from assistant.editions.catalog import get_edition
from assistant.editions.library import FormLibrary
from assistant.services.application.review import review
from tests.web.made_up import complete_answers

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.documents.blocks import PaperDocument

TODAY = date(2026, 2, 1)


class _Words(HTMLParser):
    """The text of the main part of a page, and its tags and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside |= tag == "main"
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside &= tag != "main"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts.append(data)


def bare(text: str) -> str:
    return "".join(text.split())


def texts_of(document: PaperDocument) -> list[str]:
    texts: list[str] = []
    for block in document.blocks:
        if isinstance(block, blocks.Items):
            texts += block.items
        elif isinstance(block, blocks.Table):
            texts += [column.title for column in block.columns]
            texts += [cell for row in block.rows for cell in row]
            texts += block.totals
        else:
            assert isinstance(block, blocks.PaperHeading | blocks.Paragraph)
            texts.append(block.text)
    return texts


def text_of_html(document: PaperDocument) -> str:
    text = bare("".join(_Words(to_html(document).decode()).texts))
    return text.removeprefix(bare(document.banner)).removesuffix(bare(document.foot))


def text_of_pdf(document: PaperDocument) -> str:
    pages = [bare(page.extract_text()) for page in PdfReader(io.BytesIO(to_pdf(document))).pages]
    heads = {
        bare("".join(column.title for column in block.columns))
        for block in document.blocks
        if isinstance(block, blocks.Table)
    }
    text = ""
    for number, page in enumerate(pages, 1):
        rest = page.replace("•", "").replace(bare(document.banner), "", 1) if document.banner else page.replace("•", "")
        foot = bare(document.foot or document.title)
        end = f"Page{number}of{len(pages)}"
        for tail in (end + foot, foot + end):
            rest = rest.replace(tail, "")
        for head in heads if number > 1 else ():
            rest = rest.removeprefix(head)
        text += rest
    return text


def documents(models: tuple[str, ...]) -> list[PaperDocument]:
    answers = replace(complete_answers(), models=tuple(model for model in MODELS if model in models))
    editions = {"JEM": "moa-jem/2025-02-15", "TFM": "moa-tfm/2025-03-07", "WSO": "moa-wso/2025-02-15"}
    catalog = {model: get_edition(editions[model]) for model in answers.models if model in editions}
    return [
        compose_brief(answers, catalog, review(answers, FormLibrary(), today=TODAY), today=TODAY),
        compose_board_packet(answers, today=TODAY),
        compose_cost_sheet(answers, today=TODAY),
    ]


@pytest.mark.parametrize("models", [("TFM",), ("JEM", "TTFM"), ("TFM", "WSO"), ("JEM", "TFM", "TTFM", "WSO")])
def test_pdf_and_page_say_the_same_words_in_the_same_order(models: tuple[str, ...]) -> None:
    for document in documents(models):
        expected = bare("".join(texts_of(document)))
        assert text_of_html(document) == expected, document.title
        assert text_of_pdf(document) == expected, document.title


def test_a_page_asks_for_nothing_from_elsewhere_and_runs_nothing() -> None:
    for document in documents(("JEM", "TFM", "TTFM", "WSO")):
        page = _Words(to_html(document).decode())
        assert not {"script", "img", "link", "iframe", "a", "form"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name in {"src", "href", "style"} or name.startswith("on")]
        assert page.tags.count("h1") == 1
        levels = [int(tag[1]) for tag in page.tags if tag in {"h1", "h2", "h3"}]
        assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onload="x', "a & b < c", "</main><h1>x"])
def test_what_an_agency_types_is_text(text: str) -> None:
    base = complete_answers()
    answers: Answers = replace(
        base,
        agency=replace(base.agency, legal_name=text),
        signatory=replace(base.signatory, title=text),
        approvals=replace(base.approvals, governing_body=text),
    )
    for document in (compose_board_packet(answers, today=TODAY), compose_cost_sheet(answers, today=TODAY)):
        page = _Words(to_html(document).decode())
        assert "script" not in page.tags
        assert page.tags.count("h1") == 1
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert bare(text) in bare("".join(page.texts))


def test_a_block_that_no_page_shows_is_an_error() -> None:
    document = replace(documents(("TFM",))[0], blocks=(blocks.SignatureLine(captions=("Signature",)),))
    with pytest.raises(TypeError, match="SignatureLine"):
        to_markup(document)


@pytest.mark.parametrize("command", ["brief", "board", "cost"])
def test_the_commands_write_a_page(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "answers.json", tmp_path / "paper.html"
    file.write_text(dump(complete_answers()), "utf-8")
    assert run(["application", command, str(file), "--out", str(out), "--today", "2026-02-01"]) == 0
    assert out.read_text("utf-8").startswith("<!doctype html>")
    capsys.readouterr()
    assert run(["application", command, str(file), "--out", str(tmp_path / "paper.doc")]) == 2
    assert "does not end in" in capsys.readouterr().err
