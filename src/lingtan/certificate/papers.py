"""The printed certificate: signed as PAdES, with its credential inside, and read strictly.

Strictly: the one signature is the last thing in the file, covers all of it but its own place, and that
place is spelled as we spell it; so there is no byte that could be changed unseen.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lingtan.certificate.keyring import Ring, find_revocation, is_issued_by
from lingtan.certificate.signers import Signer, load_certificate, name_key, split_signature
from lingtan.errors import NOWHERE, LingtanError, Place, fault

ATTACHMENT = "certificate.vc.jwt"
LARGEST = 20_000_000  # bytes of a certificate; far more than any of ours
FIELD = "Scheme"
_SHA256 = {"algorithm": "sha256", "parameters": None}


@dataclass(frozen=True, slots=True)
class Paper:
    """A signed PDF as read: its credential, when it says it was signed, and whether a time stamp says so."""

    credential: str
    signed_at: datetime | None
    is_stamped: bool


class _Adapter(signers.Signer):
    """Our signer as pyHanko asks for it."""

    def __init__(self, signer: Signer) -> None:
        super().__init__(
            signing_cert=_convert(signer.certificate),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            embed_roots=False,
        )
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """DER of the signature; a dry run asks for its length alone."""
        if dry_run:
            return bytes(72)
        return encode_dss_signature(*split_signature(self._signer.sign(data)))


def sign_paper(pdf: bytes, signer: Signer, *, reason: str, stamper: TimeStamper | None = None) -> bytes:
    """`pdf` signed (PAdES B-B, with `stamper` B-T). The time it says is that of this machine's clock."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
    )
    signed = signers.PdfSigner(metadata, signer=_Adapter(signer), timestamper=stamper)
    out = signed.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(out.getvalue())


def read_paper(data: bytes, ring: Ring, place: Place = NOWHERE) -> Paper:
    """A signed PDF of the scheme with its credential. LingtanError says what is wrong with it."""
    if len(data) > LARGEST or not data.startswith(b"%PDF-"):
        raise LingtanError([fault("certificate.paper-unreadable", place)])
    try:
        reader = PdfFileReader(io.BytesIO(data))
        (found,) = reader.embedded_regular_signatures
        _check_spelling(data, found, place)
        _check_key(found, ring, place)
        status = _check_whole(found, ring, place)
        credential = _find_attachment(reader)
    except LingtanError:
        raise
    except Exception:  # the library's reader raises many kinds on files of strangers
        raise LingtanError([fault("certificate.paper-unreadable", place)]) from None
    return Paper(credential, status.signer_reported_dt, status.timestamp_validity is not None)


def find_credential(data: bytes) -> str | None:
    """The credential inside a PDF, believed or not; None where none can be found."""
    try:
        return _find_attachment(PdfFileReader(io.BytesIO(data[:LARGEST])))
    except Exception:  # the library's reader raises many kinds on files of strangers
        return None


def _check_spelling(data: bytes, found: EmbeddedPdfSignature, place: Place) -> None:
    """The signature covers the file to its last byte, and its place holds nothing but it, as we spell it.

    What the signature itself does not protect (versions, lists of algorithms, certificates beside it, the
    padding) must be as we write it.
    """
    first, gap, after, rest = (int(one) for one in found.byte_range)
    content = cms.ContentInfo.load(found.pkcs7_content)
    spelled = f"<{content.dump(force=True).hex().upper():0<{after - gap - 2}}>".encode()
    is_plain = first == 0 and after + rest == len(data) and data[gap:after] == spelled
    if not is_plain or not _is_as_we_write(content):
        raise LingtanError([fault("certificate.paper-altered", place)])


def _is_as_we_write(content: cms.ContentInfo) -> bool:
    signed = content["content"]
    (signer,) = signed["signer_infos"]
    (made,) = signed["certificates"]
    stamps = [] if signer["unsigned_attrs"].native is None else signer["unsigned_attrs"]
    return (
        content["content_type"].native == "signed_data"
        and signed["version"].native == "v1"
        and signer["version"].native == "v1"
        and [one.native for one in signed["digest_algorithms"]] == [_SHA256]
        and signed["encap_content_info"].native == {"content_type": "data", "content": None}
        and signed["crls"].native is None
        and signer["sid"].chosen["issuer"] == made.chosen.issuer
        and signer["sid"].chosen["serial_number"].native == made.chosen.serial_number
        and signer["digest_algorithm"].native == _SHA256
        and signer["signature_algorithm"].native == {"algorithm": "sha256_ecdsa", "parameters": None}
        and all(one["type"].native == "signature_time_stamp_token" for one in stamps)
    )


def _check_key(found: EmbeddedPdfSignature, ring: Ring, place: Place) -> None:
    """The signer is a key that the scheme's root issued, and not revoked."""
    key = load_certificate(found.signer_cert.dump())
    if not is_issued_by(key, ring.root):
        raise LingtanError([fault("certificate.not-ours", place, kid=name_key(key), scheme=ring.name)])
    if since := find_revocation(ring, key):
        raise LingtanError([fault("certificate.key-revoked", place, kid=name_key(key), since=since)])


def _context(ring: Ring, when: datetime | None) -> ValidationContext:
    """Trust in the scheme's root alone, at the time of signing; nothing is fetched."""
    return ValidationContext(
        trust_roots=[_convert(ring.root)], moment=when, allow_fetching=False, revocation_mode="soft-fail"
    )


def _check_whole(found: EmbeddedPdfSignature, ring: Ring, place: Place) -> PdfSignatureStatus:
    """LingtanError unless every byte is as it was signed, by a key that was good at the time."""
    status = validate_pdf_signature(found, _context(ring, found.self_reported_timestamp))
    is_stamped_well = status.timestamp_validity is None or status.timestamp_validity.valid
    is_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (status.intact and status.valid and status.trusted and is_all and is_stamped_well):
        raise LingtanError([fault("certificate.paper-altered", place)])
    return status


def _find_attachment(reader: PdfFileReader) -> str:
    """The credential inside; KeyError where there is none."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for at in range(0, len(names), 2):
        if str(names[at]) == ATTACHMENT:
            return bytes(names[at + 1]["/EF"]["/F"].data).decode("ascii")
    raise KeyError(ATTACHMENT)


def _convert(made: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(made.public_bytes(Encoding.DER))
