"""What happens to a 报送批次: filled, frozen at the submission, corrected, received — and stopped when a customer takes his consent back."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.consents.effects import standing
from app.features.customers.consents.models import Consent, Purpose
from app.features.customers.models import Customer
from app.features.dossiers import reading
from app.features.dossiers.models import READ, BatchState, DossierBatch, DossierFile, LeftOut, Standing
from app.features.dossiers.rules import changes
from app.features.organisation.numbers import number_for
from app.kernel.base import declared_fields
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}
OWN = {"batch_id", "edition", "standing", "left_out_why", "frozen_at", "changed", "correction"}
OPEN = (Standing.WAITING, Standing.LEFT_OUT)


@lru_cache
def content_labels() -> dict[str, str]:
    """The copied columns of a file with their labels, in order."""
    house = ("project_id", "published_at", "created_at", "created_by", "updated_at", "updated_by")
    return {name: f.label for name, f in declared_fields(DossierFile) if name not in OWN and name not in house}


def why_not(session: Session, customer: Customer) -> LeftOut | None:
    """Why this household may not be told of, None when it may."""
    if customer.anonymised_at is not None:
        return LeftOut.ANONYMISED
    if Purpose.SHARE_DEVELOPER in standing(session, customer.id):
        return None
    before = select(Consent.id).where(Consent.customer_id == customer.id, Consent.purpose == Purpose.SHARE_DEVELOPER)
    had = session.scalars(before, execution_options=UNSCOPED).first() is not None
    return LeftOut.WITHDRAWN if had else LeftOut.NO_CONSENT


def fill(act: Act) -> None:
    """Step 选入应报客户: everybody whose turn it is, once."""
    batch: DossierBatch = act.document
    found = reading.households(act.session, batch.project_id, batch.kind, act.at)
    known = {one.customer_id for one in batch.files}
    elsewhere = reading.waiting_elsewhere(act.session, batch.id, [customer.id for customer, _order in found])
    fresh = [pair for pair in found if pair[0].id not in known | elsewhere]
    if not fresh:
        raise RuleError("没有要报送的客户：应报的都已报送，或已在别的批次里")
    for customer, order in fresh:
        _put(act.session, batch, customer, order)
    _count(batch)


def put(act: Act) -> None:
    """Step 加入客户."""
    batch: DossierBatch = act.document
    customer = act.session.get_one(Customer, int(act.form["customer_id"]), execution_options=UNSCOPED)
    if any(one.customer_id == customer.id for one in batch.files):
        raise RuleError("这位客户已在批次里", field="customer_id")
    if reading.waiting_elsewhere(act.session, batch.id, [customer.id]):
        raise RuleError("这位客户已在别的待报送批次里", field="customer_id")
    _put(act.session, batch, customer, reading.order_of(act.session, customer.id))
    _count(batch)


def drop(act: Act) -> None:
    """Step 移出客户: what was never sent only."""
    batch: DossierBatch = act.document
    key = int(act.form["customer_id"])
    leaving = [one for one in batch.files if one.customer_id == key and one.standing in OPEN]
    if not leaving:
        raise RuleError("这位客户不在待报送的名单里；已报送的不能移出", field="customer_id")
    for one in leaving:
        act.session.delete(one)
    act.session.flush()
    act.session.expire(batch, ["files"])
    _count(batch)


def _put(session: Session, batch: DossierBatch, customer: Customer, order: Any) -> None:
    why = why_not(session, customer)
    before = reading.returned_of(session, customer.id)
    batch.files.append(DossierFile(
        project_id=batch.project_id, customer_id=customer.id, reservation_id=order.id if order else None,
        standing=Standing.LEFT_OUT if why else Standing.WAITING, left_out_why=why, edition=before.edition + 1 if before else 1,
        correction=before.correction if before else "", **_told(session, customer, order, why),
    ))  # fmt: skip


def _told(session: Session, customer: Customer, order: Any, why: LeftOut | None) -> dict[str, Any]:
    """Of a household that may not be told of, the name stands on the list and nothing else."""
    if why is not None:
        return {"customer_name": customer.name}
    return reading.content_of(session, customer, order)


def _count(batch: DossierBatch) -> None:
    batch.count = sum(1 for one in batch.files if one.standing in (Standing.WAITING, Standing.SENT))
    batch.left_out = sum(1 for one in batch.files if one.standing is Standing.LEFT_OUT)


def somebody_is_told_of(act: Act) -> None:
    """Guard: a batch without a household that agreed is not submitted."""
    for one in act.document.files:
        if one.standing in OPEN:
            customer = act.session.get_one(Customer, one.customer_id, execution_options=UNSCOPED)
            one.left_out_why = why_not(act.session, customer)
            one.standing = Standing.LEFT_OUT if one.left_out_why else Standing.WAITING
    if not any(one.standing in (Standing.WAITING, Standing.SENT) for one in act.document.files):
        raise RuleError("批次里没有可以报送的客户，请先点「选入应报客户」；没有单独同意向甲方提供的客户不能报送")


def freeze(act: Act) -> None:
    """Step 提交: every file is copied as it is now. What was sent before and has changed since becomes the next edition."""
    batch: DossierBatch = act.document
    for one in list(batch.files):
        if one.standing is Standing.WAITING:
            _write(one, _now(act.session, one))
            _follow(act.session, one)
            one.standing, one.frozen_at = Standing.SENT, act.at
        elif one.standing is Standing.SENT:
            _renew(act.session, batch, one, act.at)
        elif one.standing is Standing.LEFT_OUT:
            _write(one, {"customer_name": one.customer_name})
    batch.number = batch.number or number_for(act.session, batch, act.at.date())
    batch.turn, batch.submitted_on, batch.submitted_by = batch.turn + 1, act.at, act.actor.person_id
    _count(batch)
    act.session.flush()
    _tell(act, (Post.DEVELOPER_MARKETING,), f"客户档案待接收：{batch.number}，{batch.count} 户", "有客户档案待接收")


def _now(session: Session, one: DossierFile) -> dict[str, Any]:
    customer = session.get_one(Customer, one.customer_id, execution_options=UNSCOPED)
    return reading.content_of(session, customer, reading.order_of(session, customer.id))


def _write(one: DossierFile, content: dict[str, Any]) -> None:
    """A household that is left out keeps its name only."""
    for name, value in content.items():
        setattr(one, name, value)


def _follow(session: Session, one: DossierFile) -> None:
    """A household that came back singly: what this edition has changed, and the one before is replaced."""
    before = reading.returned_of(session, one.customer_id)
    if before is None:
        return
    one.changed = "、".join(_differences(before, {name: getattr(one, name) for name in content_labels()}))[:500]
    before.standing = Standing.REPLACED


def _differences(before: DossierFile, content: dict[str, Any]) -> list[str]:
    return changes({name: getattr(before, name) for name in content_labels()}, content, content_labels())


def _renew(session: Session, batch: DossierBatch, one: DossierFile, at: datetime) -> None:
    content = _now(session, one)
    found = _differences(one, content)
    if not found:
        return
    one.standing = Standing.REPLACED
    batch.files.append(DossierFile(
        project_id=batch.project_id, customer_id=one.customer_id, reservation_id=one.reservation_id, edition=one.edition + 1,
        standing=Standing.SENT, frozen_at=at, changed="、".join(found)[:500], **content,
    ))  # fmt: skip


def ask_correction(act: Act) -> None:
    """Step 退回补正: what the other side misses; the site is told."""
    batch: DossierBatch = act.document
    batch.correction = act.note[:500]
    _tell(act, (Post.SUPERVISOR, Post.CLERK), f"客户档案 {batch.number} 被退回补正", "有客户档案被退回补正", act.note)


def households_sent(batch: DossierBatch) -> tuple[tuple[str, str], ...]:
    """Whom the other side may give back singly: (id of the file, «王伟 3栋1102 第 1 版»)."""
    sent = [one for one in batch.files if one.standing is Standing.SENT]
    return tuple(
        (str(one.id), f"{one.customer_name} {one.unit_name} 第 {one.edition} 版".replace("  ", " ")) for one in sent
    )


def return_one(act: Act) -> None:
    """Step 退回一户补正: the household is due again and goes with the next batch; the others stay."""
    batch: DossierBatch = act.document
    sent = {str(one.id): one for one in batch.files if one.standing is Standing.SENT}
    one = sent.get(act.form["household"])
    if one is None:
        raise RuleError("这一户刚被别人处理过，请刷新后再选", field="household")
    if batch.state is BatchState.SUBMITTED and len(sent) == 1:
        raise RuleError("这一批只剩这一户，请用「退回补正」退回整批")
    one.standing, one.correction = Standing.RETURNED, act.note[:500]
    act.session.flush()
    _count(batch)
    _tell(
        act,
        (Post.SUPERVISOR, Post.CLERK),
        f"客户档案 {batch.number} 有一户退回补正",
        "有一户客户档案被退回补正",
        act.note,
    )


def receive(act: Act) -> None:
    """Step 确认接收: signed for by the other side."""
    batch: DossierBatch = act.document
    batch.received_on, batch.receiver = act.at, act.actor.name
    _tell(act, (Post.SUPERVISOR, Post.CLERK), f"客户档案 {batch.number} 已接收", "客户档案已接收")


def _tell(act: Act, posts: tuple[Post, ...], title: str, outside: str, body: str = "") -> None:
    batch = act.document
    notify_posts(act.session, posts, batch.project_id, title, body=body, url=f"/dossier-batch/show/{batch.id}",
                 kind=NoticeKind.REMINDER, outside=outside)  # fmt: skip


def stop_sharing(session: Session, customer: Customer, ended: frozenset[Purpose], at: datetime) -> None:
    """A customer took his consent back: 甲方营销策划部 reads his files no more and is told to delete its copies."""
    if Purpose.SHARE_DEVELOPER not in ended:
        return
    query = select(DossierFile).where(
        DossierFile.customer_id == customer.id, DossierFile.standing.in_([*READ, Standing.WAITING])
    )
    stopped = list(session.scalars(query, execution_options=UNSCOPED))
    for one in stopped:
        one.standing = Standing.STOPPED if one.frozen_at is not None else Standing.LEFT_OUT
        one.left_out_why, one.published_at = LeftOut.WITHDRAWN, None
    session.flush()
    for batch in {one.batch for one in stopped}:
        _count(batch)
    for number in sorted({one.batch.number or "" for one in stopped if one.frozen_at is not None}):
        notify_posts(
            session, (Post.DEVELOPER_MARKETING,), customer.project_id, f"客户档案 {number} 中有一户撤回了同意",
            body="请停止使用，并删除已经导出或打印的内容。", url="/dossier-batch/list/", kind=NoticeKind.REMINDER,
            outside="有客户撤回同意，请停止使用其档案",
        )  # fmt: skip
    session.flush()
