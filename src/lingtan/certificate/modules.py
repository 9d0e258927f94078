"""A signing key inside a PKCS#11 module (a smart card, an HSM, SoftHSM): it signs and never leaves it.

Needs the optional extra `hsm` (python-pkcs11); nothing else imports it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lingtan.certificate.keyring import Ring, admit_key
from lingtan.certificate.signers import CURVE, KID_LENGTH
from lingtan.errors import LingtanError, Place, fault

CURVE_NAME = "secp256r1"


@dataclass(frozen=True, slots=True)
class ModuleSigner:
    """A key in a module; each signature opens a session of its own, so that forked servers share nothing."""

    certificate: x509.Certificate
    root: x509.Certificate
    module: str
    token: str
    pin: str = field(repr=False)
    kid: str = ""

    @staticmethod
    def open(module: str, token: str, pin: str, ring: Ring) -> ModuleSigner:
        """The key that signs now, which must be in the module. LingtanError where it is not to be had."""
        kid = ring.current
        with _session(module, token, pin) as (library, session):
            _find_key(library, session, kid, token)
        return ModuleSigner(ring.keys[kid], ring.root, module, token, pin, kid)

    def sign(self, data: bytes) -> bytes:
        """The ES256 signature of `data`: r and s, 32 bytes each, as the module gives them."""
        with _session(self.module, self.token, self.pin) as (library, session):
            key = _find_key(library, session, self.kid, self.token)
            # hashed here: every module has plain ECDSA, many have no other
            return bytes(key.sign(hashlib.sha256(data).digest(), mechanism=library.Mechanism.ECDSA))


def add_module_key(  # noqa: PLR0913 where the key is made, and who admits it
    folder: Path, ring: Ring, *, module: str, token: str, pin: str, on: datetime, passphrase: str = ""
) -> Ring:
    """A key pair made in the module and admitted by the root: it signs from now on.

    LingtanError where the module cannot make it or the root is not at hand.
    """
    with _session(module, token, pin, writes=True) as (library, session):
        curve = import_module("pkcs11.util.ec").encode_named_curve_parameters(CURVE_NAME)
        parameters = session.create_domain_parameters(
            library.KeyType.EC, {library.Attribute.EC_PARAMS: curve}, local=True
        )
        public, private = parameters.generate_keypair(
            store=True,
            private_template={library.Attribute.EXTRACTABLE: False, library.Attribute.SENSITIVE: True},
        )
        made = load_der_public_key(import_module("pkcs11.util.ec").encode_ec_public_key(public))
        if not isinstance(made, ec.EllipticCurvePublicKey) or made.curve.name != CURVE.name:
            raise LingtanError([fault("certificate.key-kind", Place(module))])
        ring, kid = admit_key(folder, ring, made, on=on, passphrase=passphrase)
        for one in (public, private):
            one[library.Attribute.LABEL] = kid
    return ring


@contextmanager
def _session(module: str, token: str, pin: str, *, writes: bool = False) -> Iterator[tuple[Any, Any]]:
    """The library and an open session; LingtanError in words for whatever the module refuses."""
    try:
        library = import_module("pkcs11")
    except ImportError:
        raise LingtanError([fault("certificate.no-pkcs11")]) from None
    try:
        found = library.lib(module).get_token(token_label=token)
        with found.open(user_pin=pin, rw=writes) as session:
            yield library, session
    except (library.PKCS11Error, RuntimeError) as error:
        reason = str(error) or type(error).__name__
        raise LingtanError(
            [fault("certificate.module-refuses", Place(module), token=token, reason=reason)]
        ) from None


def _find_key(library: Any, session: Any, kid: str, token: str) -> Any:
    try:
        return session.get_key(
            object_class=library.ObjectClass.PRIVATE_KEY, key_type=library.KeyType.EC, label=kid
        )
    except library.NoSuchKey:
        raise LingtanError(
            [fault("certificate.key-not-in-module", kid=kid[:KID_LENGTH], token=token)]
        ) from None
