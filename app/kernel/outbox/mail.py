"""Mail over the site's SMTP server; off while the operator has not set one (docs/operators/notices.md)."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Any

from app.kernel.outbox.outbound import Undelivered
from app.kernel.outbox.words import Message

SECONDS = 10.0


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out. security: starttls, tls or none (only to this machine itself, see config.py)."""

    host: str
    port: int
    sender: str
    security: str
    user: str = ""
    password: str = ""


def mail_server(config: Mapping[str, Any]) -> MailServer | None:
    """The server of the settings; None = mail is off."""
    if not config["SMTP_HOST"]:
        return None
    return MailServer(
        config["SMTP_HOST"], config["SMTP_PORT"], config["SMTP_FROM"], config["SMTP_SECURITY"], config["SMTP_USER"],
        config["SMTP_PASSWORD"],
    )  # fmt: skip


def letter(server: MailServer, address: str, message: Message, key: str) -> EmailMessage:
    """The mail as it is sent: the same key gives the same Message-ID, so that a mail sent twice is shown once."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, server.sender, address
    mail["Date"] = format_datetime(localtime())
    domain = server.sender.rpartition("@")[2].strip("> ") or "localhost"
    mail["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def send(server: MailServer, mail: EmailMessage) -> str:
    """Hand one mail over; «已交给邮件服务器». Raises Undelivered with what the server said, never with a password."""
    try:
        if server.security == "tls":
            gate: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            gate = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        with gate:
            if server.security == "starttls":
                gate.starttls(context=ssl.create_default_context())
            if server.user:
                gate.login(server.user, server.password)
            gate.send_message(mail)
    except smtplib.SMTPAuthenticationError as error:
        raise Undelivered("邮件服务器不认账号或密码") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise Undelivered("邮件服务器拒收这个收件地址") from error
    except smtplib.SMTPResponseException as error:
        raise Undelivered(f"邮件服务器回答 {error.smtp_code}，没有收下") from error
    except TimeoutError as error:
        raise Undelivered("邮件服务器 10 秒内没有回答") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(f"连不上邮件服务器（{type(error).__name__}）") from error
    return "已交给邮件服务器"
