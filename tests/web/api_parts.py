"""What tests of the interface share: tokens, calls, pushes."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from tests.web.conftest import Someone, World

from lingtan_web.audit.services import SYSTEM
from lingtan_web.dossiers.models import RegisterRow
from lingtan_web.organisations.services import SCOPES, create_token

V1 = "/api/v1"
START = (timezone.now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


class Program:
    """A program with a token: what it calls, and what it is answered."""

    def __init__(self, someone: Someone, *scopes: str) -> None:
        self.token, self.secret = create_token(
            SYSTEM, user=someone.user, name="program", scopes=scopes or SCOPES, days=30
        )
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A request with the token; `body` is bytes, or is written as JSON."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(
            method, f"{V1}{path}", content, content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )  # fmt: skip

    def get(self, path: str) -> Any:
        """GET."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST."""
        return self.call("POST", path, body, **headers)


def register_meters(world: World, *meters: tuple[str, str]) -> None:
    """Meters with the keys of their enterprises, in the dossier of alpha."""
    RegisterRow.objects.bulk_create(
        RegisterRow(
            dossier=world.dossier,
            register="meters",
            position=position,
            cells={"meter": meter, "enterprise": enterprise, "carrier": "electricity", "unit": "kWh"},
        )
        for position, (meter, enterprise) in enumerate(meters)
    )


def reading(meter: str = "E001-EL", minute: int = 0, value: Any = "1.5") -> dict[str, Any]:
    """A reading of yesterday."""
    return {"meter": meter, "at": (START + timedelta(minutes=minute)).isoformat(), "value": value}


def push(*readings: dict[str, Any], key: str = "k-1") -> dict[str, Any]:
    """A push."""
    return {"key": key, "readings": list(readings)}
