"""The app as Django knows it."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks."""

    name = "lingtan_web.webhooks"

    def ready(self) -> None:
        """Entries of the audit log become messages."""
        from django.db.models.signals import post_save

        from lingtan_web.audit.models import Entry
        from lingtan_web.webhooks.outbox import on_entry

        post_save.connect(on_entry, sender=Entry, dispatch_uid="lingtan_web.webhooks")
