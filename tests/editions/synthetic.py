"""A made-up form that has every kind of text field on pages of every kind, and what is written into each."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

COMB, MULTILINE = 1 << 24, 1 << 12
SHERIFF = "Sheriff’s Office – Peña"
GUARANI = "Avañe’ẽ g̃ M̃a"
LINES = "Riverside Avenue 12\nSan José\nʻŌiwi Building, second floor on the left"

# name: (page, rectangle, what the widget has of its own, value)
FIELDS: dict[str, tuple[int, list[float], dict[str, Any], str]] = {
    "left": (0, [30, 740, 230, 758], {}, SHERIFF),
    "centred": (0, [250, 740, 450, 758], {"Q": 1}, SHERIFF),
    "right": (0, [30, 710, 230, 728], {"Q": 2}, SHERIFF),
    "fixed": (0, [250, 710, 450, 728], {"DA": "/Helv 11 Tf 0 0 1 rg"}, "Fixed size, blue"),
    "fixed, drawn smaller": (0, [470, 710, 590, 728], {"DA": "/Helv 12 Tf 0 g"}, "Fixed size, drawn smaller"),
    "odd font": (0, [30, 680, 230, 698], {"DA": "/Od#64 12 Tf 0 g"}, "Diné – Łódź"),
    "no font": (0, [250, 680, 450, 698], {"DA": "/None 12 Tf 0 g"}, "No such font"),
    "no style": (0, [470, 680, 590, 698], {"DA": None}, "No style"),
    "lines": (0, [30, 600, 230, 660], {"Ff": MULTILINE}, LINES),
    "lines, centred": (0, [250, 600, 450, 660], {"Ff": MULTILINE, "Q": 1, "DA": "/Helv 9 Tf 0 g"}, LINES),
    "lines, right": (
        0,
        [470, 600, 590, 660],
        {"Ff": MULTILINE, "Q": 2},
        "Two words, and more of them than fit on a line",
    ),
    "cells": (0, [30, 560, 230, 580], {"Ff": COMB, "MaxLen": 10, "MK": {"BC": [0]}}, "A1B2 Ñẽ"),
    "cells, centred": (0, [250, 560, 450, 580], {"Ff": COMB, "MaxLen": 10, "Q": 1, "MK": {"BC": [0]}}, "M̃a12"),
    "cells, right": (0, [470, 560, 590, 580], {"Ff": COMB, "MaxLen": 8, "Q": 2, "MK": {"BC": [0]}}, "2026"),
    "at most": (0, [30, 530, 230, 548], {"MaxLen": 12}, "Twelve chars"),
    "bevelled": (0, [250, 526, 450, 552], {"MK": {"BC": [0.5], "BG": [1, 1, 0.8]}, "BS": {"W": 2, "S": "B"}}, SHERIFF),
    "dashed": (0, [470, 526, 590, 552], {"MK": {"BC": [1, 0, 0]}, "BS": {"W": 1, "S": "D"}}, "Dashed"),
    "underlined": (0, [470, 490, 590, 516], {"MK": {"BC": [0, 0, 1]}, "BS": {"W": 1, "S": "U"}}, "Underlined"),
    "thick": (0, [250, 490, 450, 516], {"MK": {"BC": [0, 0.5, 0]}, "Border": [0, 0, 4]}, "Thick"),
    "no print flag": (0, [30, 490, 230, 516], {"F": 0}, "Printed all the same"),
    "no print flag, drawn smaller": (
        0,
        [30, 470, 150, 488],
        {"F": 0, "DA": "/Helv 12 Tf 0 g"},
        "Fixed size, drawn smaller",
    ),
    "turned 90": (0, [30, 300, 50, 470], {"MK": {"R": 90, "BC": [0.7]}}, SHERIFF),
    "turned 180": (0, [70, 440, 240, 460], {"MK": {"R": 180, "BC": [0.7]}}, SHERIFF),
    "turned 270": (0, [260, 300, 280, 470], {"MK": {"R": 270, "BC": [0.7]}, "Q": 1}, SHERIFF),
    "turned lines": (0, [300, 300, 360, 470], {"MK": {"R": 90, "BC": [0.7]}, "Ff": MULTILINE}, LINES),
    "turned cells": (0, [380, 300, 400, 470], {"MK": {"R": 270, "BC": [0]}, "Ff": COMB, "MaxLen": 8}, "A1-B2"),
    "marks": (0, [30, 240, 230, 270], {}, GUARANI),
    "Greek": (0, [250, 240, 450, 270], {}, "Ελλάδα, Αθήνα"),
    "Cyrillic": (0, [30, 200, 230, 230], {}, "Київ, Ґанок"),
    "Vietnamese": (0, [250, 200, 450, 230], {}, "Nguyễn Thị Phượng"),
    "decomposed": (0, [30, 160, 230, 190], {}, "Pen\u0303a, Jose\u0301"),
    "upright on a turned page": (1, [100, 100, 120, 300], {"MK": {"R": 90}}, SHERIFF),
    "upright lines on a turned page": (1, [200, 100, 260, 300], {"MK": {"R": 90}, "Ff": MULTILINE}, LINES),
    "upside down": (2, [100, 100, 300, 120], {"MK": {"R": 180}}, SHERIFF),
    "the other way": (3, [100, 100, 120, 300], {"MK": {"R": 270}, "Q": 2}, SHERIFF),
    "large unit": (4, [20, 20, 220, 40], {}, SHERIFF),
    "cropped": (5, [320, 320, 520, 340], {}, SHERIFF),
}
SHARED = ("twice", "Shown twice")
TURNS = (0, 90, 180, 270, 0, 0)


def values() -> dict[str, str]:
    """Return what is written into each field."""
    return {name: text for name, (_, _, _, text) in FIELDS.items()} | dict([SHARED])


def synthetic_form() -> bytes:
    """Return the form."""
    pdf = pikepdf.new()
    for turn in TURNS:
        pdf.add_blank_page(page_size=(612, 792))
        if turn:
            pdf.pages[-1].obj.Rotate = turn
    pdf.pages[4].obj.UserUnit = 2
    pdf.pages[5].obj.CropBox = Array([300, 300, 600, 600])
    differences = Array([39, Name.quotesingle, 128, Name.endash, Name.eacute])
    odd = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
        Encoding=Dictionary(Type=Name.Encoding, Differences=differences),
    )  # fmt: skip
    plain = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    fonts = Dictionary(Helv=pdf.make_indirect(plain), Odd=pdf.make_indirect(odd))
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([]), DA=String("/Helv 0 Tf 0 g"), DR=Dictionary(Font=fonts), NeedAppearances=False
    )
    for name, (page, rect, own, _) in FIELDS.items():
        _add(pdf, page, _field(name, rect, own))
    shared = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String(SHARED[0]), Kids=Array([]), Q=1))
    shown: list[tuple[list[float], dict[str, Any]]] = [
        ([470, 240, 590, 270], {"DA": "/Odd 9 Tf 1 0 0 rg", "F": 0}),
        ([470, 200, 590, 230], {"Q": 2}),
    ]
    for rect, own in shown:
        kid = _field(None, rect, own)
        kid.Parent = shared
        shared.Kids.append(_add(pdf, 0, kid, listed=False))
    pdf.Root.AcroForm.Fields.append(shared)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _field(name: str | None, rect: list[float], own: dict[str, Any]) -> Dictionary:
    made = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array(rect), F=own.get("F", 4))
    if name is not None:
        made.FT, made.T = Name.Tx, String(name)
    for key in ("Q", "Ff", "MaxLen"):
        if key in own:
            made["/" + key] = own[key]
    if own.get("DA"):
        made.DA = String(own["DA"])
    if "MK" in own:
        made.MK = Dictionary({f"/{k}": Array(v) if isinstance(v, list) else v for k, v in own["MK"].items()})
    if "BS" in own:
        made.BS = Dictionary(W=own["BS"]["W"], S=Name("/" + own["BS"]["S"]))
    if "Border" in own:
        made.Border = Array(own["Border"])
    return made


def _add(pdf: pikepdf.Pdf, page: int, widget: Dictionary, *, listed: bool = True) -> Any:
    ref = pdf.make_indirect(widget)
    ref.P = pdf.pages[page].obj
    if "/Annots" not in pdf.pages[page].obj:
        pdf.pages[page].obj.Annots = Array([])
    pdf.pages[page].obj.Annots.append(ref)
    if listed:
        pdf.Root.AcroForm.Fields.append(ref)
    return ref
