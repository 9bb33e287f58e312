"""The bundle as it would leave now, file by file, for preview and download: what is shown is what is exported."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import dump
from assistant.bundle.bundle import MANIFEST
from assistant.cache import LruCache, content_key, forget_people
from assistant.documents.proof import ApprovalFact
from assistant.documents.wording import LETTER_FILE
from assistant.errors import BlockedError, NotFoundError
from assistant.pdf.page_text import PageText, read_page_texts
from assistant.pdf.viewer.render import page_png
from assistant.program.imported_facts import facts_state
from assistant.rules.editions import EDITION_MISSING
from assistant.services.application.editions import begun_with
from assistant.services.application.make_bundle import MadeBundle, make_planned
from assistant.services.application.practice import is_practice
from assistant.web.kit.context import today
from assistant.web.wizard.application_state import NOMINEE_BYTES, forms_fingerprint, library, plan_of, review_of
from assistant.web.wizard.teamwork import approval_of

if TYPE_CHECKING:
    from assistant.answers import Answers
    from assistant.storage.tables import Application


def _size_of(bundle: MadeBundle) -> int:
    return len(bundle.data) + NOMINEE_BYTES * len(bundle.answers.nominees)


_bundles: LruCache[bytes, MadeBundle] = LruCache(4, max_bytes=64_000_000, size_of=_size_of, personal=True)
"""A preview asks for its pages one by one, each out of the whole bundle."""
_contents: LruCache[bytes, bytes] = LruCache(16, personal=True)
"""The hash of the answers file of a bundle, under the stored document and the editions that an export would pin."""
LINE_BYTES = 300
"""Roughly what a line of a page takes in memory."""
_page_texts: LruCache[bytes, list[PageText]] = LruCache(
    16, max_bytes=8_000_000, size_of=lambda pages: LINE_BYTES * sum(len(page.lines) for page in pages), personal=True
)
_pictures: LruCache[bytes, bytes] = LruCache(96, max_bytes=16_000_000, size_of=len, personal=True)
"""Pages of documents as PNG: a page of text at full width takes some 100 kB, a small picture 10 kB."""

OFFICIAL = ("02-moa-", "05-signature-pages")
"""How the names of documents begin whose pages are those of official forms."""

TITLES = {
    "letter-of-interest": "Letter of interest, the agency’s own",
    "moa": "Memorandum of Agreement",
    "entry-sheet": "Entry sheet",
    "nominee-roster": "Nominee roster",
    "checklist": "Checklist",
    "signing-instructions": "Signing instructions",
    "signature-pages": "Signature pages alone",
    "proof": "Proof",
    "email": "Email draft, not sent",
    "answers": "Answers file",
    "manifest": "List of files with their hashes",
    "README": "What each file is",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFile:
    """One file of a bundle."""

    name: str
    title: str
    size: int

    @property
    def kind(self) -> str:
        """Return what is after the last dot."""
        return self.name.rpartition(".")[2]


def bundle_of(application: Application) -> MadeBundle:
    """Return the bundle of an application as an export would make it now.

    It is a draft while a blocker stands, and always where the application is for practice.

    An export pins the editions first, so that is done here as well, in the answers alone: what is shown is what is
    exported, to the byte, and the export need not make it a second time.

    Raises:
        BlockedError: it uses an edition that is no longer known.
        FillError: a filled form does not read back as it was meant.
    """
    if missing := [finding.message for finding in review_of(application).findings if finding.code == EDITION_MISSING]:
        raise BlockedError(" ".join(missing))
    day, draft = today(), is_practice(application) or not review_of(application).ready
    answers = begun_with(application.answers, library())
    approval = approval_fact(application)
    content = _content_of(application, answers)
    key = content_key(application.public_id, content, day, draft, forms_fingerprint(), facts_state(), approval)
    # To pin the forms that were planned for anyway changes nothing in their blanks.
    plan = replace(plan_of(application), answers=answers)
    return _bundles.get_or_make(key, lambda: make_planned(plan, today=day, draft=draft, approval=approval))


def approval_fact(application: Application) -> ApprovalFact | None:
    """Return who approved exactly what would print now; None where nobody did."""
    state = approval_of(application)
    if state is None or not state.is_approved or state.decision is None:
        return None
    return ApprovalFact(name=state.decision.name, at=state.decision.at, sha256=state.decision.sha256)


def _content_of(application: Application, answers: Answers) -> bytes:
    key = content_key(application.public_id, application.document_sealed, answers.editions)
    return _contents.get_or_make(key, lambda: content_key(dump(answers)))


def forget() -> None:
    """Drop all that this process holds of anybody; called when an application is deleted."""
    forget_people()


def files_of(data: bytes) -> list[BundleFile]:
    """Return the files of a bundle in their order, without its folder."""
    official = {row["name"] for row in json.loads(file_of(data, MANIFEST))["files"] if "edition" in row}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [
            BundleFile(name=name, title=title_of(name, official=name in official), size=info.file_size)
            for info in packed.infolist()
            if (name := info.filename.rpartition("/")[2])
        ]


def file_of(data: bytes, name: str) -> bytes:
    """Return the bytes of one file of a bundle.

    Raises:
        NotFoundError: it has no such file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for info in packed.infolist():
            if info.filename.rpartition("/")[2] == name:
                return packed.read(info)
    raise NotFoundError("The bundle has no such file. Choose one from the list.")


def page_texts(data: bytes, name: str, *, first: int, last: int) -> list[PageText]:
    """Return what the pages from ``first`` to ``last`` (from 1) of a document say.

    The lines of an official form are put in order by their places.
    """
    key = content_key(data, first, last)
    pages = _page_texts.get_or_make(key, lambda: read_page_texts(data, range(first - 1, last)))
    return [page.sorted_by_place() for page in pages] if name.startswith(OFFICIAL) else pages


def page_picture(data: bytes, page: int, *, width: int) -> bytes:
    """Return a page (from 0) of a document as a PNG of this width in pixels.

    Raises:
        PdfError: it has no such page.
    """
    return _pictures.get_or_make(content_key(data, page, width), lambda: page_png(data, page, width=width))


def title_of(name: str, *, official: bool = False) -> str:
    """Return what a file is, in words: "Memorandum of Agreement, TFM"; ``official``: it is a filled official form."""
    if official and name == LETTER_FILE:
        return "Letter of Interest, ICE’s form"
    stem, _, ending = name.rpartition(".")
    words = stem.lstrip("0123456789").lstrip("-")
    for start, title in TITLES.items():
        if words == start:
            return f"{title}, spreadsheet" if ending == "xlsx" else title
        if words.startswith(f"{start}-"):
            return f"{title}, {words.removeprefix(f'{start}-').upper()}"
    return name
