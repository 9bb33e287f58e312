"""Erase what came after an export: signed copies and messages, whole or only what they say of nominees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from assistant.storage.after_export_tables import MessageRow, SignedCopyRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from assistant.storage.tables import Application

LASTING_FACTS = frozenset({"message_id", "date", "from", "to", "subject", "attachments"})
"""What a purge leaves of a message: who wrote to whom and when, and the hashes of what was attached."""


def erase_copies_and_messages(session: Session, application: Application) -> None:
    """Delete every signed copy and every message of an application."""
    for table in (SignedCopyRow, MessageRow):
        session.execute(delete(table).where(table.application_id == application.id))


def erase_message_texts(session: Session, application: Application) -> None:
    """Take out of an application's messages whatever may name a nominee: their texts, files and notes."""
    for message in session.scalars(select(MessageRow).where(MessageRow.application_id == application.id)):
        facts = json.loads(message.facts)
        message.facts = json.dumps({name: facts[name] for name in facts if name in LASTING_FACTS})
        message.data = None
