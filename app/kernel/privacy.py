"""Looking at personal data in full: who may, when a reason is needed, and that it is always on the trail (02 §2.1.7, 04 S11–S12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, String, cast, func, select

from app.kernel import audit
from app.kernel.actors import Actor
from app.kernel.audit import AuditEntry
from app.kernel.base import FieldFacts, declared_fields, now
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.transactions import AnySession, write

DAILY_WITHOUT_REASON = 60
SHORTEST_REASON = 4
WATCHERS = frozenset({Post.SITE_MANAGER, Post.SALES_ADMIN})  # are told when somebody passes the quota
# «read only, masked» (07 §7.1); the assistant prepares figures, no calls (02 §2.1.6)
NEVER = frozenset({Post.AUDITOR, Post.ADMIN, Post.ASSISTANT})
ALWAYS_WITH_REASON = frozenset({"id"})


def personal_field(model: type[Any], name: str) -> FieldFacts:
    """The declaration of a masked field. Raises NotFound for any other column."""
    facts = dict(declared_fields(model)).get(name)
    if facts is None or not facts.personal:
        raise NotFound(name)
    return facts


def owners_of(record: Any) -> set[int]:
    """Persons whose customer it is. A row of a customer (his phone, his papers) names the way to him in `__owned_through__`."""
    through = getattr(type(record), "__owned_through__", "")
    root = getattr(record, through) if through else record
    return {i for i in (getattr(root, "owner_id", None), getattr(root, "partner_id", None)) if i is not None}


def is_anonymised(record: Any) -> bool:
    """Whether the person was erased to whom a record belongs: himself, or the customer of his visit, follow-up, quote."""
    root = record if hasattr(record, "anonymised_at") else getattr(record, "customer", None)
    return getattr(root, "anonymised_at", None) is not None


def anonymised_among(session: AnySession, model: type[Any], ids: Iterable[int]) -> set[int]:
    """The same for many records of one model, in a statement: the ids of those whose person was erased."""
    root = model if hasattr(model, "anonymised_at") else getattr(getattr(model, "customer", None), "property", None)
    owner: Any = root if root is model else getattr(getattr(root, "mapper", None), "class_", None)
    wanted = sorted(set(ids))
    if not wanted or not hasattr(owner, "anonymised_at"):
        return set()
    query = select(model.id).where(model.id.in_(wanted), owner.anonymised_at.is_not(None))
    query = query if owner is model else query.join(model.customer)
    return set(session.scalars(query, execution_options={"unscoped": True}))


def looked_at_today(session: AnySession, actor: Actor) -> int:
    """How many distinct records the person has looked at in full today."""
    return session.scalar(select(func.count()).select_from(_looks_today(actor).distinct().subquery())) or 0


def _looks_today(actor: Actor) -> Select[str | None, int | None, str]:
    midnight = datetime.combine(now().date(), time())
    return select(AuditEntry.subject, AuditEntry.subject_id, cast(AuditEntry.changes["field"], String)).where(
        AuditEntry.person_id == actor.person_id, AuditEntry.at >= midnight, AuditEntry.act == "reveal"
    )


def may_reveal(actor: Actor, record: Any, facts: FieldFacts) -> bool:
    """Whether the person may see the value at all, with a reason if need be."""
    project = getattr(record, "project_id", None)
    readers = facts.readers if facts.readers is not None else ALL_POSTS
    return actor.holds(readers - NEVER, project)


def reason_needed(session: AnySession, actor: Actor, record: Any, facts: FieldFacts) -> bool:
    """Not for the owner's own customers' phones, up to 60 distinct a day; for everything else yes."""
    if facts.personal in ALWAYS_WITH_REASON or actor.person_id not in owners_of(record):
        return True
    return looked_at_today(session, actor) >= DAILY_WITHOUT_REASON


def shown_to_owner(session: AnySession, actor: Actor, record: Any, name: str) -> str | None:
    """The value in full for the owner on his customer's page, without asking; None when he must ask («查看») or is nobody's owner.

    Silent, not unseen: the first look of the day at each number is a line of the trail, and the 61st number of a day asks
    for its reason (02 §2.1.7). Writes in a short transaction of its own (03 §3.3.13), so not to be called inside one.
    """
    facts = personal_field(type(record), name)
    owns = actor.person_id in owners_of(record) and facts.personal not in ALWAYS_WITH_REASON
    if not owns or not may_reveal(actor, record, facts):
        return None
    seen = _looks_today(actor).where(AuditEntry.subject == record.__tablename__, AuditEntry.subject_id == record.id)
    if session.scalars(seen.where(AuditEntry.changes["field"].as_string() == name)).first() is not None:
        return str(getattr(record, name))
    if reason_needed(session, actor, record, facts):
        return None
    return write(session, lambda: reveal(session, actor, record, name, ""))


def reveal(session: AnySession, actor: Actor, record: Any, name: str, reason: str) -> str:
    """The value in full, and its line on the trail (inside a write transaction).

    Raises NotFound for a field that is no personal one, Forbidden for the wrong post, RuleError when the reason is missing.
    """
    facts = personal_field(type(record), name)
    if not may_reveal(actor, record, facts):
        raise Forbidden(facts.label)
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON and reason_needed(session, actor, record, facts):
        raise RuleError("请写明查看原因（至少 {n} 个字）", field="reason", n=SHORTEST_REASON)
    session.add(
        audit.entry(
            "reveal",
            subject=record.__tablename__,
            subject_id=record.id,
            project_id=getattr(record, "project_id", None),
            field=name,
            reason=reason[:200],
        )
    )
    session.flush()
    _alarm(session, actor, record)
    value = getattr(record, name)
    return "" if value is None else str(value)


def _alarm(session: AnySession, actor: Actor, record: Any) -> None:
    """Who passes the quota of the day is named to those who watch over it, once a day (02 §2.5.11 «quota, alert»)."""
    project_id = getattr(record, "project_id", None)
    if project_id is None or looked_at_today(session, actor) != DAILY_WITHOUT_REASON + 1:
        return
    mark = audit.entry("reveal_alarm", subject="person", subject_id=actor.person_id, project_id=project_id)
    told = select(AuditEntry.id).where(
        AuditEntry.act == "reveal_alarm", AuditEntry.person_id == actor.person_id,
        AuditEntry.at >= datetime.combine(now().date(), time()),
    )  # fmt: skip
    if session.scalars(told.limit(1)).first() is not None:
        return
    session.add(mark)
    plain: Any = session  # scoped or not, it writes the same
    notify_posts(
        plain, WATCHERS, project_id, f"{actor.name} 今天查看的号码已超过 {DAILY_WITHOUT_REASON} 个",
        body="请核对是否工作需要，可在「谁看过个人信息」里逐条查看。", kind=NoticeKind.ALARM, outside="有人一天内查看的客户号码超过限额",
    )  # fmt: skip
