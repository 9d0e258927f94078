"""The printed certificate: signed as PAdES, with its credential inside, and read strictly.

Strictly: the one signature is the last thing in the file, covers all of it but its own place, and that
place is spelled as we spell it; so there is no byte that could be changed unseen.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from asn1crypto.parser import emit
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
_CONTEXT = 2  # class of tags whose meaning is that of their place
_VERSION = cms.CMSVersion("v1").dump()
for _name in ("pyhanko", "pyhanko_certvalidator"):  # else its notes go to standard error where no one logs
    logging.getLogger(_name).addHandler(logging.NullHandler())
_SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
_ECDSA = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump()
_DATA, _SIGNED_DATA = (cms.ContentType(name).dump() for name in ("data", "signed_data"))


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
    padding) must be, byte for byte, as we write it.
    """
    first, gap, after, rest = (int(one) for one in found.byte_range)
    spelled = f"<{_spell(found.pkcs7_content).hex().upper():0<{after - gap - 2}}>".encode()
    if not (first == 0 and after + rest == len(data) and data[gap:after] == spelled):
        raise LingtanError([fault("certificate.paper-altered", place)])


def _spell(given: bytes) -> bytes:
    """The signature as we write it, with the certificate, attributes and signature bytes of `given`.

    Put together by hand: asn1crypto takes a hundred times as long to write anew what it has read.
    """
    signed = cms.ContentInfo.load(given)["content"]
    (signer,) = signed["signer_infos"]
    (made,) = signed["certificates"]
    key = made.chosen
    one = _sequence(
        _VERSION,
        _sequence(key.issuer.dump(), key["tbs_certificate"]["serial_number"].dump()),
        _SHA256,
        emit(_CONTEXT, 1, 0, signer["signed_attrs"].contents),
        _ECDSA,
        core.OctetString(signer["signature"].native).dump(),
        _spell_stamps(signer["unsigned_attrs"]),
    )
    whole = _sequence(_VERSION, _set(_SHA256), _sequence(_DATA), emit(_CONTEXT, 1, 0, key.dump()), _set(one))
    return _sequence(_SIGNED_DATA, emit(_CONTEXT, 1, 0, whole))


def _spell_stamps(given: cms.CMSAttributes) -> bytes:
    """The time stamp beside a signature, if there is one; nothing else may stand there.

    ValueError where what its own signature does not protect is other than RFC 3161 has it.
    """
    if given.native is None:
        return b""
    (attribute,) = given
    (token,) = attribute["values"]
    signed = token["content"]
    (signer,) = signed["signer_infos"]
    is_plain = (
        attribute["type"].native == "signature_time_stamp_token"
        and (signed["version"].native, signer["version"].native) == ("v3", "v1")
        and [one.dump() for one in signed["digest_algorithms"]] == [signer["digest_algorithm"].dump()]
        and signed["crls"].native is None
        and signer["unsigned_attrs"].native is None
    )
    if not is_plain:
        raise ValueError("not a plain time stamp")
    return bytes(given.dump(force=True))


def _sequence(*parts: bytes) -> bytes:
    return bytes(emit(0, 1, 16, b"".join(parts)))


def _set(*parts: bytes) -> bytes:
    return bytes(emit(0, 1, 17, b"".join(parts)))


def _check_key(found: EmbeddedPdfSignature, ring: Ring, place: Place) -> None:
    """The signer is a key that the scheme's root issued, and not revoked."""
    key = load_certificate(found.signer_cert.dump())
    if not is_issued_by(key, ring.root) or ring.keys.get(name_key(key), key) != key:
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
    stamp = status.timestamp_validity
    is_stamped_well = stamp is None or (stamp.intact and stamp.valid)
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
