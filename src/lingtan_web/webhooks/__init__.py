"""Webhooks: an organisation's own programs are told what happened in its parks."""
