"""`send_reminders`: once a day, from cron or a timer; as often as one likes."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from lingtan_web.notices.services import send_reminders


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written 2026-11-30") from None


class Command(BaseCommand):
    """Reminders in the application and by e-mail."""

    help = "发送到期提醒，可重复运行 Send the reminders that have come; running it again sends nothing twice"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--on`: another day than today."""
        parser.add_argument("--on", type=_day, default=None, help="日期 the day, 2026-11-30")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send and say how many."""
        new, letters = send_reminders(options["on"] or timezone.localdate())
        self.stdout.write(f"新提醒 {new} 条，邮件 {letters} 封 · {new} reminders, {letters} letters")
