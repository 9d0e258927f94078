"""Letters to people; where no mail server is set they are kept as files in LINGTAN_HOME/mail."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from lingtan_web.organisations.models import Invitation

log = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Send the letter in both languages; False if it could not be handed to the mail server."""
    text = render_to_string("organisations/invitation.txt", {"invitation": invitation, "link": link})
    subject = f"邀请加入 {invitation.organisation.name_zh} · Invitation to Lingtan"
    return send_letter(invitation.email, subject, text) and bool(settings.EMAIL_HOST)


def send_letter(to: str, subject: str, text: str) -> bool:
    """Send one letter; False if the mail server does not take it (the log says why)."""
    try:
        send_mail(" ".join(subject.split()), text, None, [to])
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail not sent: %s", error)
        return False
    return True
