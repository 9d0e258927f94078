"""Structured logs: one JSON object a line on standard error, or plain lines where a person watches."""

from __future__ import annotations

import os
import sys
from typing import Any

import structlog


def build_logging() -> dict[str, Any]:
    """Settings for `logging`; LINGTAN_LOG is `json`, `plain`, or by whether standard error is a terminal."""
    wanted = os.environ.get("LINGTAN_LOG") or ("plain" if sys.stderr.isatty() else "json")
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [structlog.dev.ConsoleRenderer(colors=False)]
    if wanted == "json":
        # No local variables: they hold passwords and other people's data.
        plainly = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        last = [
            structlog.processors.ExceptionRenderer(plainly),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = {"()": structlog.stdlib.ProcessorFormatter, "foreign_pre_chain": shared}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {**formatter, "processors": [clean, *last]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "pikepdf": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.security": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
