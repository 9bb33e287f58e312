"""The ledger of messages: what was sent is compared with what was signed and exported, and nothing is stored twice."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from assistant.bundle import email_draft
from assistant.editions.library import FormLibrary
from assistant.errors import BlockedError, InputError, NotFoundError
from assistant.services.after_export import ledger
from assistant.services.after_export.sent_package import check_line, documents_to_send, sent_documents, signed_copies
from assistant.services.application import applications, export_log, history
from assistant.services.application.erase_files import erase_message_texts
from assistant.services.application.make_bundle import make
from assistant.services.application.message_match import read_and_match
from assistant.storage.after_export_tables import MessageRow, SignedCopyRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.answers import Answers
    from assistant.services.after_export.ledger_lines import AttachmentFacts, LedgerLine
    from assistant.storage.tables import Application
    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
ICE = "ERO287g@ice.dhs.gov"
LETTER, TFM, WSO = "01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-moa-wso.pdf"


def message(
    *files: tuple[str, bytes], to: str = ICE, sender: str = "sam@example.gov", subject: str = "Signed", **headers: str
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    for name, value in (
        {"Message_ID": f"<{uuid4()}@example.gov>", "Date": "Tue, 20 Jan 2026 10:00:00 -0500"} | headers
    ).items():
        if value:
            made[name.replace("_", "-")] = value
    made.set_content("Attached.")
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()


def exported(session: Session, application: Application) -> dict[str, bytes]:
    made = make(application.answers, FormLibrary(), today=NOW.date(), draft=True)
    export_log.record_once(session, application, made, now=NOW)
    with zipfile.ZipFile(BytesIO(made.data)) as bundle:
        return {name.rpartition("/")[2]: bundle.read(name) for name in bundle.namelist()}


def sign(session: Session, application: Application, document: str, data: bytes) -> SignedCopyRow:
    row = SignedCopyRow(
        public_id=uuid4(), application_id=application.id, export_id=None, document=document, side="agency",
        state="checked", sha256=hashlib.sha256(data).hexdigest(), size=len(data), pages=1, confirmed_pages=[],
        added_at=NOW,
    )  # fmt: skip
    session.add(row)
    with session.no_autoflush:
        row.file_name, row.result, row.data = "scan.pdf", "{}", data
    session.flush()
    return row


def add(session: Session, application: Application, data: bytes) -> LedgerLine:
    return ledger.add_message(session, application, data, now=NOW).line


def states(session: Session, application: Application) -> dict[str, str]:
    rows = sent_documents(
        documents_to_send(session, application),
        signed_copies(session, application),
        ledger.lines_of(session, application),
    )
    return {row.file: row.state for row in rows}


def told(session: Session, application: Application, line: LedgerLine) -> tuple[list[str], list[tuple[str, bool]]]:
    check = check_line(line, documents_to_send(session, application), signed_copies(session, application))
    return list(check.problems), [(item.words, item.is_problem) for item in check.attachments]


@pytest.fixture
def application(session: Session, store: Store, answers: Answers) -> Application:
    return applications.create(session, store.agency_id, now=NOW, answers=answers)


def test_an_export_is_not_sent(session: Session, application: Application) -> None:
    exported(session, application)
    assert ledger.lines_of(session, application) == []
    assert set(states(session, application).values()) == {"not sent"}


def test_a_package_in_two_messages_is_sent_as_a_whole(session: Session, application: Application) -> None:
    copies = {name: name.encode() * 9 for name in (LETTER, TFM, WSO)}
    for name, data in copies.items():
        sign(session, application, name, data)
    first = add(session, application, message(("letter.pdf", copies[LETTER]), ("moa.pdf", copies[TFM])))
    assert (first.kind, told(session, application, first)[0]) == ("sent", [])
    assert states(session, application) == {LETTER: "sent signed", TFM: "sent signed", WSO: "not sent"}
    second = add(session, application, message(("wso.pdf", copies[WSO])))
    assert told(session, application, second) == (
        [],
        [("The signed copy of MOA, Warrant Service Officer (WSO).", False)],
    )
    assert set(states(session, application).values()) == {"sent signed"}


def test_a_signed_copy_that_is_added_later_is_known_too(session: Session, application: Application) -> None:
    line = add(session, application, message(("moa.pdf", b"scan")))
    words, is_problem = told(session, application, line)[1][0]
    assert is_problem
    assert words.startswith("Neither a signed copy")
    sign(session, application, TFM, b"scan")
    assert told(session, application, line)[1][0][1] is False
    assert states(session, application)[TFM] == "sent signed"


def test_a_draft_and_an_unsigned_file_are_told(session: Session, application: Application) -> None:
    files = exported(session, application)
    line = add(session, application, message((LETTER, files[LETTER]), ("other.pdf", b"x")))
    words = told(session, application, line)[1]
    assert words[0][0].startswith("A draft: Letter of Interest")
    assert [problem for _, problem in words] == [True, True]
    assert states(session, application)[LETTER] == "sent unsigned"
    assert line.export_id is not None


def test_the_copy_that_ice_signed_is_known_in_its_message_and_is_nothing_to_send(
    session: Session, application: Application
) -> None:
    reply = add(session, application, message(("moa.pdf", b"both signed"), sender=ICE, to="sam@example.gov"))
    assert told(session, application, reply)[1][0][0].endswith("add it under Signed copies.")
    sign(session, application, TFM, b"both signed").side = "ice"
    session.flush()
    assert told(session, application, reply)[1][0][0].startswith("The copy of MOA, Task Force Model (TFM) that ICE")
    assert states(session, application)[TFM] == "not sent"


def test_a_replaced_copy_is_told(session: Session, application: Application) -> None:
    sign(session, application, TFM, b"old").replaced_at = NOW
    sign(session, application, TFM, b"new")
    line = add(session, application, message(("moa.pdf", b"old")))
    assert told(session, application, line)[1][0] == (
        "An earlier signed copy of MOA, Task Force Model (TFM). You have replaced it since.",
        True,
    )


@pytest.mark.parametrize("to", ["ERO287@ice.dhs.gov", "friend@example.gov"])
def test_a_wrong_recipient_is_told_and_counts_for_nothing(session: Session, application: Application, to: str) -> None:
    sign(session, application, TFM, b"scan")
    line = add(session, application, message(("moa.pdf", b"scan"), to=to))
    assert line.kind == "other"
    (problem,) = told(session, application, line)[0]
    assert problem.startswith(f"This did not go to {ICE}. It went to {to.lower()}.")
    assert states(session, application)[TFM] == "not sent"


def test_the_exported_draft_of_the_message_is_no_sent_message(session: Session, application: Application) -> None:
    draft = email_draft.draft(application.answers, today=NOW.date())
    with pytest.raises(InputError, match="a draft that was never sent"):
        ledger.add_message(session, application, draft, now=NOW)
    # The nearest one: the same file, once it was sent and got an id.
    sent = draft.replace(b"X-Unsent: 1", b"Message-ID: <a@example.gov>")
    assert add(session, application, sent).kind == "sent"


def test_the_same_message_is_one_line_also_in_another_file(session: Session, application: Application) -> None:
    data = message(Message_ID="<one@example.gov>")
    assert ledger.add_message(session, application, data, now=NOW).is_new
    assert not ledger.add_message(session, application, data, now=NOW).is_new
    assert not ledger.add_message(session, application, b"X-Mark: 1\r\n" + data, now=NOW).is_new
    assert ledger.add_message(session, application, message(Message_ID="<two@example.gov>"), now=NOW).is_new
    assert len(ledger.lines_of(session, application)) == 2


def test_a_message_of_another_application_waits_until_a_person_says(
    session: Session, store: Store, application: Application, answers: Answers
) -> None:
    other = applications.create(session, store.agency_id, now=NOW, answers=replace(answers, models=("JEM",)))
    sign(session, other, "02-moa-jem.pdf", b"theirs")
    data = message(("moa.pdf", b"theirs"))
    line = add(session, application, data)
    assert (line.kind, line.elsewhere) == ("other", (other.public_id,))
    with pytest.raises(NotFoundError):
        ledger.place_line(session, application, line.public_id, uuid4(), now=NOW)
    moved = ledger.place_line(session, application, line.public_id, other.public_id, now=NOW)
    assert (moved.kind, moved.elsewhere) == ("sent", ())
    assert ledger.lines_of(session, application) == []
    assert states(session, other)["02-moa-jem.pdf"] == "sent signed"
    # The same message, kept here by a second answer, and one more that is a duplicate over there.
    again = add(session, application, data)
    assert (
        ledger.place_line(session, application, again.public_id, other.public_id, now=NOW).public_id == moved.public_id
    )
    kept = add(session, application, data)
    assert ledger.place_line(session, application, kept.public_id, application.public_id, now=NOW).kind == "sent"
    assert told(session, application, ledger.lines_of(session, application)[0])[1][0][1], "it is another one's file"
    for one in (application, other):
        assert history.verify(session, one) == []


def test_a_waiting_message_goes_nowhere_else_and_ties_no_other(
    session: Session, store: Store, application: Application, answers: Answers
) -> None:
    other, third = (applications.create(session, store.agency_id, now=NOW, answers=answers) for _ in range(2))
    sign(session, other, TFM, b"theirs")
    line = add(session, application, message(("moa.pdf", b"theirs"), Message_ID="<waits@example.gov>"))
    with pytest.raises(NotFoundError):
        ledger.place_line(session, application, line.public_id, third.public_id, now=NOW)
    assert [one.elsewhere for one in ledger.lines_of(session, application)] == [(other.public_id,)]
    answer = message(sender=ICE, to="sam@example.gov", subject="", In_Reply_To="<waits@example.gov>")
    assert read_and_match(session, store.agency_id, answer)["application"] is None


def test_another_agencys_files_tie_a_message_to_nothing(
    session: Session, store: Store, application: Application, answers: Answers
) -> None:
    theirs = applications.create(session, store.other_agency_id, now=NOW, answers=answers)
    sign(session, theirs, TFM, b"theirs")
    add(session, theirs, message(subject="Their subject", Message_ID="<theirs@example.gov>"))
    line = add(
        session, application, message(("a.pdf", b"theirs"), subject="Their subject", In_Reply_To="<theirs@example.gov>")
    )
    assert (line.elsewhere, line.attachments[0]["copy"]) == ((), None)
    with pytest.raises(NotFoundError):
        ledger.place_line(session, application, line.public_id, theirs.public_id, now=NOW)


def test_a_reply_finds_its_thread_by_id_before_its_subject(
    session: Session, store: Store, application: Application, answers: Answers
) -> None:
    add(session, application, message(subject="287(g) for us", Message_ID="<ours@example.gov>"))
    other = applications.create(session, store.agency_id, now=NOW, answers=answers)
    add(session, other, message(subject="Another subject", Message_ID="<other@example.gov>"))
    by_subject = message(sender=ICE, to="sam@example.gov", subject="RE: [EXTERNAL] Another subject")
    assert read_and_match(session, store.agency_id, by_subject)["application"] == str(other.public_id)
    reply = message(sender=ICE, to="sam@example.gov", subject="RE: Another subject", References="<ours@example.gov>")
    told_of = read_and_match(session, store.agency_id, reply)
    assert (told_of["kind"], told_of["application"]) == ("reply", str(application.public_id))
    assert add(session, application, reply).kind == "reply"


def test_a_signed_copy_is_told_to_the_command(session: Session, store: Store, application: Application) -> None:
    sign(session, application, TFM, b"scan")
    told_of = read_and_match(session, store.agency_id, message(("a.pdf", b"scan"), ("b.pdf", b"x")))
    assert [(item["matches"], item["copy"]) for item in told_of["attachments"]] == [(TFM, "signed"), (None, None)]
    assert told_of["application"] == str(application.public_id)


def test_a_note_counts_where_it_names_ices_address(session: Session, application: Application) -> None:
    item: AttachmentFacts = {
        "name": TFM, "sha256": "", "size": 0, "matches": TFM, "copy": None, "application": None
    }  # fmt: skip

    def note(to: str) -> ledger.AddedLine:
        return ledger.mark_sent(session, application, day=date(2026, 1, 19), to=to, attachments=[item], now=NOW)

    wrong = note("someone@example.gov").line
    assert told(session, application, wrong)[0][0].startswith(f"This did not go to {ICE}")
    assert states(session, application)[TFM] == "not sent"
    assert note(ICE).is_new
    assert not note(ICE).is_new
    assert states(session, application) == {LETTER: "not sent", TFM: "marked", WSO: "not sent"}
    line = ledger.lines_of(session, application)[0]
    assert line.dated_at
    assert line.dated_at.astimezone().date() == date(2026, 1, 19)


def test_a_line_that_is_removed_is_gone_with_its_message(session: Session, application: Application) -> None:
    line = add(session, application, message())
    ledger.remove_line(session, application, line.public_id, now=NOW)
    assert ledger.lines_of(session, application) == []
    assert session.query(MessageRow).count() == 0
    assert [entry.act for entry in history.entries(session, application, limit=2)] == [
        "message removed",
        "message added",
    ]
    with pytest.raises(NotFoundError):
        ledger.remove_line(session, application, line.public_id, now=NOW)


def test_a_line_stays_readable_when_its_text_is_erased(session: Session, application: Application) -> None:
    add(session, application, message(("a.pdf", b"x"), subject="Signed"))
    ledger.mark_sent(session, application, day=NOW.date(), to=ICE, attachments=[], now=NOW)
    erase_message_texts(session, application)
    session.flush()
    lines = {line.kind: line for line in ledger.lines_of(session, application)}
    assert (lines["sent"].is_erased, lines["sent"].subject, lines["sent"].text) == (True, "Signed", "")
    assert not lines["marked"].is_erased
    assert told(session, application, lines["sent"])[1]


def test_a_full_ledger_is_told(session: Session, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MAX_LINES", 1)
    add(session, application, message())
    with pytest.raises(BlockedError, match="messages already"):
        add(session, application, message())


def test_what_a_message_says_is_sealed(store: Store, application: Application, session: Session) -> None:
    add(session, application, message(("canary-file.pdf", b"canary-bytes"), subject="canary-subject"))
    session.commit()
    if store.file:
        assert b"canary" not in store.raw_bytes()
