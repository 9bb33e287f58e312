"""Read a saved e-mail message, as a file of any mail program (.eml) or of Outlook (.msg). Knows no application."""

from assistant.messages.read_message import MessageAttachment, ReadMessage, read_message

__all__ = ["MessageAttachment", "ReadMessage", "read_message"]
