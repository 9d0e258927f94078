"""How a person signs: behind one interface, so that a seal or a key can take the place of the password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError

from lingtan.errors import LingtanError, Place, fault
from lingtan_web.organisations.models import User
from lingtan_web.permissions import Request

NOT_CONFIRMED = "review.not-confirmed"


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
            raise LingtanError([fault(NOT_CONFIRMED, Place(column="password"))])
        return sha256


SIGNER: Signer = PasswordSigner()
"""The way of signing in use."""


@contextmanager
def counted(request: Request) -> Iterator[None]:
    """One attempt to sign: a wrong password counts with those at the door, anything else does not.

    LingtanError after too many. The count lies in the database, so this stands outside the transaction
    that a wrong password undoes.
    """
    adapter = get_adapter(request)
    try:
        adapter.pre_authenticate(request, email=request.user.email)
    except ValidationError:
        raise LingtanError([fault("review.too-many-attempts", Place(column="password"))]) from None
    try:
        yield
    except LingtanError as error:
        if all(one.code != NOT_CONFIRMED for one in error.faults):
            adapter.give_back_attempt()
        raise
    adapter.give_back_attempt()
