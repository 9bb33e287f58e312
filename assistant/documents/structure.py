"""The structure of a document, for readers that do not see it: elements, and their text in a PDF.

ISO 32000-1, 14.7 and 14.8. Knows no page layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Element:
    """One element, by its standard tag, such as P, H1, Table or TD."""

    __slots__ = ("attributes", "kids", "number", "parent", "tag")

    def __init__(self, tag: str, parent: Element | None, attributes: str = "") -> None:
        """Hang the element below its parent."""
        self.tag = tag
        self.parent = parent
        self.attributes = attributes
        self.kids: list[Element | tuple[int, int]] = []  # an element, or (page, number of the marked content)
        self.number = 0  # of the PDF object, given when the file is written
        if parent is not None:
            parent.kids.append(self)


def in_order(root: Element) -> list[Element]:
    """Return the element and all below it, in reading order."""
    elements = [root]
    for kid in root.kids:
        if isinstance(kid, Element):
            elements += in_order(kid)
    return elements


def take_apart(elements: Sequence[Element]) -> None:
    """Cut the elements of a written file from each other, so that a large structure is freed at once."""
    for element in elements:
        element.parent = None
        element.kids = []


def element_text(element: Element, pages: Sequence[int], tree: int) -> str:
    """Return the PDF object of a numbered element; ``pages`` and ``tree`` are object numbers."""
    own = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
    kids = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(f"{kid.number} 0 R")
        elif kid[0] == own:
            kids.append(str(kid[1]))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[kid[0]]} 0 R/MCID {kid[1]}>>")
    parent = element.parent.number if element.parent else tree
    page = "" if own is None else f"/Pg {pages[own]} 0 R"
    return f"<</Type/StructElem/S/{element.tag}/P {parent} 0 R{page}{element.attributes}/K [{' '.join(kids)}]>>"


def tree_text(root: Element, marks: Sequence[Sequence[Element]]) -> str:
    """Return the PDF object of the structure tree; ``marks`` names the element of each marked content, by page."""
    owners = " ".join(
        f"{page} [{' '.join([f'{element.number} 0 R' for element in elements])}]" for page, elements in enumerate(marks)
    )
    return (
        f"<</Type/StructTreeRoot/K {root.number} 0 R/ParentTree <</Nums [{owners}]>>/ParentTreeNextKey {len(marks)}>>"
    )
