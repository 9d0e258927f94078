"""Signatures as Standard Webhooks has them: HMAC-SHA256 over `id.timestamp.body`, in the header.

A receiver computes the same with its copy of the secret, compares in constant time, and refuses stamps
that are more than a few minutes old.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.utils.crypto import salted_hmac

PREFIX = "whsec_"


def derive_secret(salt: str) -> str:
    """The secret of a webhook with this salt, as its receiver is given it."""
    key = salted_hmac("lingtan_web.webhooks", salt, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(key).decode()


def compute_signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`."""
    content = f"{key}.{timestamp}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def build_headers(secret: str, key: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a message is sent with."""
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "lingtan-webhooks/1",
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": compute_signature(secret, key, timestamp, body),
    }
