"""A file that comes with a form: read within its limit, or refused in a sentence. Its name counts for nothing."""

from __future__ import annotations

from flask import request

from assistant.errors import InputError
from assistant.web.kit.context import parts


def uploaded(name: str, *, what: str, largest: int | None = None) -> bytes:
    """Return the file under a name of the form; ``what`` is how an error calls it ("a PDF file").

    Raises:
        InputError: none was chosen, it is empty, or it is too large.
    """
    most = min(largest or parts().config.upload_max_bytes, parts().config.upload_max_bytes)
    upload = request.files.get(name)
    data = upload.read(most + 1) if upload else b""
    if upload:
        upload.close()  # a large one waits in a temporary file, which goes with it
    if not data:
        empty = bool(upload and upload.filename)
        raise InputError(f"The file is empty. Choose {what}." if empty else f"Choose {what}.")
    if len(data) > most:
        raise InputError(f"The file is too large. Choose {what} of at most {most // 1_000_000} MB.")
    return data
