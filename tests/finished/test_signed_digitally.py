"""A form that this program filled, signed digitally with a self-made certificate, as it is and changed since."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyhanko", reason="the extra scan is not installed")

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from assistant.pdf.sandbox import run_in_sandbox
from assistant.services.agreements.verify_signed_copy import CHECK_SIGNATURES, verify
from tests.finished import made
from tests.finished.made import Spec

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.verifying.digital_signatures import SignatureCheck

FORM = "moa-jem/2025-02-15"
SIGNER = "Jordan Tester"
PASSWORD = b"only in this test"


@pytest.fixture(scope="module")
def issued(official_forms: Path) -> bytes:
    """Return a form as this program issues it."""
    return made.make(official_forms, FORM, Spec(signed=False, dated=None), "fields")


@pytest.fixture(scope="module")
def signer() -> signers.SimpleSigner:
    """Return who signs: a key made for this test, and a certificate that it gives itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SIGNER)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    packed = pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, BestAvailableEncryption(PASSWORD))
    signer: signers.SimpleSigner = signers.SimpleSigner.load_pkcs12_data(packed, other_certs=[], passphrase=PASSWORD)
    return signer


@pytest.fixture(scope="module")
def signed(issued: bytes, signer: signers.SimpleSigner) -> bytes:
    """Return the issued form with a digital signature over the whole file."""
    return sign(issued, signer, "Signed")


def sign(data: bytes, signer: signers.SimpleSigner, field: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    out = io.BytesIO()
    about = signers.PdfSignatureMetadata(field_name=field)
    # In a thread of its own: it starts an event loop, and a browser test of the same process leaves one running.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(signers.sign_pdf, writer, about, signer=signer, output=out).result()
    return out.getvalue()


def with_more_on_a_page(data: bytes) -> bytes:
    """Return a file to which somebody added a line of text on its first page, behind what was signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    drawn = generic.StreamObject(stream_data=b"q 72 72 200 1 re f Q")
    writer.add_stream_to_page(0, writer.add_object(drawn))  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def check(data: bytes) -> list[SignatureCheck]:
    return run_in_sandbox(CHECK_SIGNATURES, data)


def test_a_signed_file_is_covered_whole_and_unchanged_and_its_signer_is_named(signed: bytes) -> None:
    [signature] = check(signed)
    assert signature["signer"] == SIGNER
    assert (signature["intact"], signature["whole_file"], signature["unchanged"]) == (True, True, True)
    assert (signature["signed_at"] or "").startswith(datetime.now(UTC).date().isoformat()[:4])


def test_a_file_without_a_signature_has_none(issued: bytes) -> None:
    assert check(issued) == []


def test_what_was_added_after_the_signature_is_told(signed: bytes) -> None:
    [signature] = check(with_more_on_a_page(signed))
    assert signature["signer"] == SIGNER
    assert (signature["intact"], signature["whole_file"], signature["unchanged"]) == (True, False, False)


def test_a_byte_changed_inside_what_was_signed_breaks_the_signature(signed: bytes) -> None:
    at = signed.index(b"/Title") if b"/Title" in signed else signed.index(b"/MediaBox")
    changed = signed[: at + 1] + b"t" + signed[at + 2 :]
    [signature] = check(changed)
    assert signature["intact"] is False


def test_a_second_signer_leaves_the_first_ones_bytes_whole(signed: bytes, signer: signers.SimpleSigner) -> None:
    first, second = check(sign(signed, signer, "Countersigned"))
    assert (first["intact"], first["whole_file"], first["unchanged"]) == (True, False, True)
    assert (second["intact"], second["whole_file"], second["unchanged"]) == (True, True, True)


@pytest.mark.parametrize("code", ["digital-signature", "digital-signature-broken"])
def test_a_comparison_tells_what_the_signature_covers(signed: bytes, issued: bytes, code: str) -> None:
    found = verify(signed if code == "digital-signature" else with_more_on_a_page(signed), issued)
    told = [finding for finding in found["findings"] if finding["code"].startswith("digital-signature")]
    assert [finding["code"] for finding in told] == [code]
    assert SIGNER in told[0]["message"]
    assert [one["signer"] for one in found["digital_signatures"]] == [SIGNER]
