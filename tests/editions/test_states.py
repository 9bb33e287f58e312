"""A form in any state of the file: encrypted, linearised, packed, hybrid, signed, certified, XFA."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from pypdf import PdfWriter

from assistant.editions.form_plan import FilledForm, fill_form
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.editions.recognition import inspect
from assistant.errors import FillError, PdfError
from assistant.pdf.filling.fill import FlatText, fill
from assistant.pdf.filling.proof import prove
from assistant.pdf.form.template import compile_template
from assistant.pdf.objects.encryption import _rc4
from tests.editions.scenarios import scenario
from tests.hostile import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TFM, WSO, FLAT = "moa-tfm/2025-02-12", "moa-wso/2025-02-14", "moa-tfm/2025-03-07"
WAYS = {
    "RC4, 40 bits": ["--allow-weak-crypto", "--encrypt", "", "owner", "40", "--"],
    "RC4, 128 bits": ["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--"],
    "AES-128": ["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=y", "--"],
    "AES-128, metadata plain": [
        *("--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=y", "--cleartext-metadata", "--"),
    ],
    "AES-256, revision 5": ["--encrypt", "", "owner", "256", "--force-R5", "--"],
    "AES-256": ["--encrypt", "", "owner", "256", "--"],
    "AES-256, filling in allowed": ["--encrypt", "", "owner", "256", "--modify=form", "--"],
    "linearised, AES-256": ["--linearize", "--encrypt", "", "owner", "256", "--"],
}
KEPT = {
    "linearised": ["--linearize"],
    "unpacked": ["--object-streams=disable"],
    "packed": ["--object-streams=generate"],
}


def qpdf(data: bytes, folder: Path, *options: str) -> bytes:
    (folder / "before.pdf").write_bytes(data)
    subprocess.run(["qpdf", str(folder / "before.pdf"), *options, str(folder / "after.pdf")], check=True)
    return (folder / "after.pdf").read_bytes()


def filled(data: bytes) -> FilledForm:
    edition = inspect(data).edition
    assert edition
    return fill_form(FormOnHand(edition=edition, data=data), scenario("accents"))


@pytest.mark.parametrize("edition", [TFM, WSO, FLAT])
@pytest.mark.parametrize("way", [*WAYS, *KEPT])
def test_a_form_in_any_state_is_known_and_filled(
    way: str, edition: str, blank_forms: dict[str, bytes], tmp_path: Path
) -> None:
    data = qpdf(blank_forms[edition], tmp_path, *(WAYS | KEPT)[way])
    found = inspect(data).to_document()
    assert (found["edition"], found["encrypted"]) == (edition, way in WAYS)
    assert ("encrypted" in {trap["code"] for trap in found["traps"]}) == (way in WAYS)
    if edition == FLAT and way == "AES-256, filling in allowed":
        with pytest.raises(FillError, match="protection does not allow"):
            filled(data)
        return
    made_ = filled(data)
    assert made_.data.startswith(data)
    assert made_.data == filled(data).data
    file = tmp_path / "filled.pdf"
    file.write_bytes(made_.data)
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)
    shown = subprocess.run(["qpdf", "--show-encryption", str(file)], check=True, capture_output=True, text=True).stdout
    assert shown.startswith("R = ") == (way in WAYS)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True).stdout.decode()
    bare = "".join(text.split()).replace("_", "")
    assert all("".join(row.text.split()) in bare for row in made_.proof.rows)


@pytest.mark.parametrize("edition", [TFM, WSO])
def test_nothing_written_into_an_encrypted_form_stands_there_in_the_clear(
    edition: str, blank_forms: dict[str, bytes], tmp_path: Path
) -> None:
    data = qpdf(blank_forms[edition], tmp_path, *WAYS["AES-256"])
    plain, locked = filled(blank_forms[edition]), filled(data)
    for row in plain.proof.rows:
        if row.text.replace(" ", "").isalpha() and row.text.isascii() and len(row.text) > 6:
            assert row.text.encode() in plain.data
            assert row.text.encode() not in locked.data


def test_every_object_of_an_encrypted_form_is_kept(blank_forms: dict[str, bytes], tmp_path: Path) -> None:
    """The other parser sees the values, and what was not written to as it was."""
    data = qpdf(blank_forms[TFM], tmp_path, *WAYS["RC4, 128 bits"])
    made_ = filled(data)
    with pikepdf.open(io.BytesIO(data)) as before, pikepdf.open(io.BytesIO(made_.data)) as after:
        changed = set(compile_template(made_.data).document.fresh)
        for number in range(1, len(before.objects)):
            one, two = before.get_object(number, 0), after.get_object(number, 0)
            assert number in changed or one.unparse(resolved=False) == two.unparse(resolved=False)
        values = {str(f.get("/T")): str(f.get("/V", "")) for f in after.Root.AcroForm.Fields}
    assert {row.text for row in made_.proof.rows} <= set(values.values())


class Rc4:
    """What pypdf expects of a cipher."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def encrypt(self, data: bytes) -> bytes:
        return _rc4(self.key, data)

    def decrypt(self, data: bytes) -> bytes:
        return _rc4(self.key, data)


@pytest.mark.parametrize("bits", [48, 56, 64, 72, 88, 96, 112, 120])
def test_a_key_of_any_length_is_taken(
    bits: int, blank_forms: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pypdf._writer.EncryptAlgorithm", SimpleNamespace(RARE=(2, 3, bits)))
    # The library that pypdf uses has no keys of these lengths; qpdf, below, is asked whether ours is right.
    monkeypatch.setattr("pypdf._encryption.rc4_encrypt", _rc4)
    monkeypatch.setattr("pypdf._encryption.CryptRC4", Rc4)
    writer = PdfWriter(clone_from=io.BytesIO(blank_forms[TFM]))
    writer.encrypt("", "owner", algorithm="RARE")
    out = io.BytesIO()
    writer.write(out)
    data = out.getvalue()
    assert b"/Length %d" % bits in data
    made_ = filled(data)
    file = tmp_path / "filled.pdf"
    file.write_bytes(made_.data)
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)
    with pikepdf.open(io.BytesIO(made_.data)) as opened:
        values = {str(f.get("/V", "")) for f in opened.Root.AcroForm.Fields}
    assert {row.text for row in made_.proof.rows} <= values


def test_a_form_that_takes_a_password_is_refused(blank_forms: dict[str, bytes], tmp_path: Path) -> None:
    data = qpdf(blank_forms[TFM], tmp_path, "--encrypt", "secret", "owner", "256", "--")
    with pytest.raises(PdfError, match="password"):
        inspect(data)


def test_a_form_that_its_publisher_locks_is_told_and_not_filled(blank_forms: dict[str, bytes], tmp_path: Path) -> None:
    data = qpdf(blank_forms[TFM], tmp_path, "--encrypt", "", "owner", "256", "--modify=none", "--")
    messages = [trap.message for trap in inspect(data).traps if trap.code == "encrypted"]
    assert len(messages) == 1
    assert "a copy that may be filled in" in messages[0]
    with pytest.raises(FillError, match="a copy that may be filled in"):
        filled(data)
    assert FormLibrary([data]).on_hand() == ()
    (tmp_path / "before.pdf").unlink()
    (why,) = FormLibrary.from_directory(tmp_path).passed_over.values()
    assert "a copy that may be filled in" in why


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("hidden", [(4,), (5,), (4, 5), (1, 2, 3, 4, 5)])
def test_a_hybrid_file_is_filled(hidden: tuple[int, ...], listed: bool, tmp_path: Path) -> None:  # noqa: FBT001
    data = made.hybrid({number: made.OBJECTS[number] for number in hidden}, listed=listed)
    form = compile_template(data)
    out = fill(form, {"name": "Peña"})
    assert [row.drawn_text for row in prove(form, out, {"name": "Peña"}, agency_widgets={}).rows] == ["Peña"]
    (tmp_path / "filled.pdf").write_bytes(out)
    text = subprocess.run(["pdftotext", str(tmp_path / "filled.pdf"), "-"], check=True, capture_output=True).stdout
    assert text.decode().strip() == "Peña"


def with_xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def certified(permission: int) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        transform = pikepdf.Dictionary(
            TransformMethod=pikepdf.Name.DocMDP, TransformParams=pikepdf.Dictionary(P=permission)
        )
        signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Reference=[transform])
        pdf.Root.Perms = pikepdf.Dictionary(DocMDP=pdf.make_indirect(signature))

    return change


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return out.getvalue()


def test_an_xfa_form_is_refused_with_what_to_do(blank_forms: dict[str, bytes]) -> None:
    data = changed(blank_forms[TFM], with_xfa)
    found = inspect(data)
    assert (found.edition, found.template.kind) == (None, "xfa")
    assert "xfa" in {trap.code for trap in found.traps}
    with pytest.raises(FillError, match="print it to a new PDF"):
        fill(compile_template(data), {"Text6": "Dana"})


def test_a_certificate_is_held_to(blank_forms: dict[str, bytes]) -> None:
    form = compile_template(changed(blank_forms[TFM], certified(1)))
    with pytest.raises(FillError, match="allows no changes"):
        fill(form, {"Text6": "Dana"})
    form = compile_template(changed(blank_forms[TFM], certified(2)))
    assert fill(form, {"Text6": "Dana"})
    with pytest.raises(FillError, match="allows no changes"):
        fill(form, {}, flat_texts=[FlatText(blank="a line", page=0, line=(90, 90, 200), size=10, text="Dana")])
    with pytest.raises(FillError, match="allows no changes"):
        fill(form, {"Title": "Sheriff"}, agency_widgets={"Title": (1,)})
    assert "certified" in {trap.code for trap in inspect(form.data).traps}


SIGNED_AT = datetime(2026, 2, 1, tzinfo=UTC)
ROOM = 8_000


def signed(data: bytes, *, locks: str = "") -> bytes:
    """Return the form signed for real in its field Signature, by a made-up person."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Alex Example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, SIGNED_AT, SIGNED_AT + timedelta(days=9000))
    certificate = builder.sign(key, SHA256())

    def change(pdf: pikepdf.Pdf) -> None:
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Filter=pikepdf.Name("/Adobe.PPKLite"),
            SubFilter=pikepdf.Name("/adbe.pkcs7.detached"),
            ByteRange=[0, 1_000_000_001, 1_000_000_002, 1_000_000_003],
            Contents=pikepdf.String(b"\xfe" * ROOM),
        )
        if locks:
            settings = pikepdf.Dictionary(Action=pikepdf.Name.Include, Fields=[pikepdf.String(locks)])
            signature.Reference = [pikepdf.Dictionary(TransformMethod=pikepdf.Name.FieldMDP, TransformParams=settings)]
        field = next(f for f in pdf.Root.AcroForm.Fields if str(f.T) == "Signature")
        field.V = pdf.make_indirect(signature)
        pdf.Root.AcroForm.SigFlags = 3

    whole = changed(data, change)
    placeholder = b"<" + b"fe" * ROOM + b">"
    start = whole.index(placeholder)
    end = start + len(placeholder)
    ranges = b"[ 0 %d %d %d ]" % (start, end, len(whole) - end)
    old = b"[ 0 1000000001 1000000002 1000000003 ]"
    whole = whole.replace(old, ranges.ljust(len(old)))
    covered = whole[:start] + whole[end:]
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    signer = pkcs7.PKCS7SignatureBuilder().set_data(covered).add_signer(certificate, key, SHA256())
    proof = signer.sign(Encoding.DER, options).hex().encode()
    return whole[: start + 1] + proof.ljust(2 * ROOM, b"0") + whole[end - 1 :]


def test_a_signature_stays_valid_under_a_fill(blank_forms: dict[str, bytes], tmp_path: Path) -> None:
    data = signed(blank_forms[TFM])
    messages = [trap.message for trap in inspect(data).traps if trap.code == "signed"]
    assert messages == [
        "The file is signed. What is filled in is added at the end, and the signature stays valid for what it covers."
    ]
    for content in (data, filled(data).data):
        file = tmp_path / "signed.pdf"
        file.write_bytes(content)
        done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False)
        assert "Signature is Valid" in done.stdout
        assert "Alex Example" in done.stdout
    assert "Not total document signed" in done.stdout


def test_a_field_that_a_signature_locks_is_not_filled(blank_forms: dict[str, bytes]) -> None:
    form = compile_template(signed(blank_forms[TFM], locks="Text6"))
    assert fill(form, {"Text7": "Sheriff"})
    with pytest.raises(FillError, match="Text6: a signature in the file locks"):
        fill(form, {"Text6": "Dana"})
