"""The kernel's own periodic jobs; features declare theirs beside their effects."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from app.kernel.accounts import purge_tries
from app.kernel.approval.escalation import escalate
from app.kernel.approval.records import ApprovalRequest, ApprovalStep
from app.kernel.attachments import Attachment
from app.kernel.audit_blocks import seal, verify
from app.kernel.checkups import CHECKUPS, add_checkup
from app.kernel.evidence import altered, protect, unreadable
from app.kernel.jobs import every
from app.kernel.outbox import planning, reminding, sending
from app.kernel.readings import ReadReceipt
from app.kernel.schema import missing_triggers, refresh_statistics


@every(seconds=30, name="approval_escalation")
def escalate_overdue(session: Session) -> int:
    """Stations over their time limit are told to the next higher post."""
    return escalate(session)


@every(seconds=300, name="audit_seal")
def seal_audit(session: Session) -> int:
    """Finished audit lines are chained into a block."""
    return seal(session)


@every(seconds=3600, name="login_tries")
def forget_login_tries(session: Session) -> int:
    """Failed sign-ins of yesterday and before are forgotten."""
    return purge_tries(session)


@every(seconds=5, name="notice_messages")
def plan_messages(session: Session) -> int:
    """Mails and group messages of new notices are written; the postman sends them."""
    return sending.take_back_lost(session) + planning.plan(session)


@every(seconds=60, name="notice_reminders")
def remind(session: Session) -> int:
    """Urgent notices come up again; the morning summaries are written."""
    return reminding.tell_again(session) + reminding.summarise(session)


@every(seconds=3600, name="old_messages")
def forget_messages(session: Session) -> int:
    """The log of sendings is kept thirty days."""
    return sending.forget_old(session)


@every(seconds=3600, name="statistics")
def learn_how_rows_lie(session: Session) -> int:
    """The database's planner follows the growth of the tables."""
    refresh_statistics(session.connection())
    return 0


def trigger_faults(session: Session) -> list[str]:
    """Append-only tables without their triggers."""
    return [
        f"缺少只追加触发器 {name}，请运行 ./anchang migrate 重建。" for name in missing_triggers(session.connection())
    ]


def install(_app: Flask) -> None:
    """Called by create_app: the jobs above are declared by import, the verifications here (once, however many apps are made)."""
    protect(ApprovalRequest, ApprovalStep, Attachment, ReadReceipt)
    for label, check in (
        ("数据可读", unreadable),
        ("登记痕迹", altered),
        ("审计链", verify),
        ("只追加触发器", trigger_faults),
    ):
        if all(checkup.label != label for checkup in CHECKUPS):
            add_checkup(label, check)
