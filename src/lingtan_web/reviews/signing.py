"""How a person signs: behind one interface, so that a seal or a key can take the place of the password."""

from __future__ import annotations

from typing import Protocol

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.organisations.models import User


class Signer(Protocol):
    """Signs the SHA-256 of a content in a person's name. `method` is kept with the signature."""

    method: str

    def sign(self, user: User, sha256: str, confirmation: str) -> str:
        """What is kept as the signature; LingtanError if the person did not confirm."""
        ...


class PasswordSigner:
    """The person's explicit confirmation: the password again. What is kept is the hash that was signed."""

    method = "password"

    def sign(self, user: User, sha256: str, confirmation: str) -> str:
        """The hash itself, once the password is right."""
        if not user.check_password(confirmation):
            raise LingtanError([fault("review.not-confirmed", Place(column="password"))])
        return sha256


SIGNER: Signer = PasswordSigner()
"""The way of signing in use."""
