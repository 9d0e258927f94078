"""Addresses of other apps that pages of the process lead to."""

from __future__ import annotations

from django.urls import reverse


def register_link(park: str, year: int, register: str) -> str:
    """The grid of a register in the working dossier of a year."""
    return reverse("register", kwargs={"park": park, "year": year, "register": register})
