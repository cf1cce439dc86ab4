"""What the outbox must know of the site: where it stands, names and quiet hours of projects."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from app.kernel.actors import Actor, directory
from app.kernel.base import now
from app.kernel.notices.quiet import QuietHours, site_days
from app.kernel.outbox.mail import MailServer, mail_server
from app.kernel.parameters import site_parameter
from app.kernel.registries import LOOKUPS
from app.kernel.transactions import AnySession


def server() -> MailServer | None:
    """The site's mail server; None = mail is off."""
    return mail_server(current_app.config)


def address_of_site() -> str:
    """«https://anchang.example.cn», without a slash at the end."""
    return str(current_app.config["SITE_URL"])


def further_hosts() -> tuple[str, ...]:
    """Hosts that the operator allows beside those of the platforms."""
    return tuple(current_app.config["WEBHOOK_HOSTS"])


def project_name(project_id: int | None) -> str:
    """Its name; empty for none."""
    lookup = LOOKUPS.get("project")
    return lookup({project_id}).get(project_id, "") if lookup and project_id else ""


def quiet_hours(session: AnySession, project_id: int | None, moment: datetime) -> QuietHours:
    """The quiet hours of a project (None = of the site) with the site's calendar."""
    starts, ends = (site_parameter(session, project_id, key) for key in ("quiet_from", "quiet_until"))  # type: ignore[arg-type]
    return QuietHours(starts, ends, site_days(session, moment.date()))  # type: ignore[arg-type]


def at_work(person_id: int) -> Actor | None:
    """The person while he holds a post; whoever left hears nothing any more."""
    actor = directory().actor_for_person(person_id, now())
    return actor if actor is not None and actor.postings else None


def only_project(actor: Actor) -> int | None:
    """His project when he has one only: its times are his."""
    return min(actor.projects) if len(actor.projects) == 1 else None
