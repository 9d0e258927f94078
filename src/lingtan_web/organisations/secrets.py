"""Secrets that are handed out once and kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets


def build_secret(prefix: str) -> tuple[str, str]:
    """A new secret with 256 bits of chance, and its hash to keep; scanners find leaked ones by the prefix."""
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    return secret, hash_secret(secret)


def hash_secret(secret: str) -> str:
    """SHA-256 in hexadecimal: enough for secrets that are random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()
