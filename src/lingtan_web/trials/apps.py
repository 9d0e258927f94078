"""The app of trials."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """Editions tried on certified parks."""

    name = "lingtan_web.trials"
    verbose_name = "换版试算 Trials of editions"
