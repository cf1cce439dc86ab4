"""What is an entry of the 公海: one stay of a customer there, with what may be seen of him before he is taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, object_session

from app.features.customers.choices import AreaBand, Grade, Source, TotalBand
from app.features.customers.models import CustomerPhone
from app.features.customers.owners.models import OwnerRule
from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, field, one_live_row, state_field
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.states import State

TAKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
HEADS = SITE_CHAIN | {Post.SUPERVISOR}
READERS = TAKERS | HEADS | {Post.CLERK, Post.ASSISTANT, Post.AUDITOR}


class PoolState(State):
    WAITING = ("waiting", "待领取", "warn")
    TAKEN = ("taken", "已领取", "ok")
    GIVEN = ("given", "已分配", "info")


class PoolEntry(AgencyPapers, Document):
    """公海客户: surname, masked number and what he wants; whose he was is for supervisors. The customer's own page stays shut."""

    __tablename__ = "pool_entry"
    __label__ = "公海客户"
    __title__ = "called"
    __labels__ = {"phones_masked": "手机"}  # noqa: RUF012 - read only
    __table_args__ = (one_live_row("customer_id", alive="left_at IS NULL", name="uq_pool_entry_live"),)

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True, auto=True)
    called: Mapped[str] = field("称呼", String(64), nullable=False, auto=True)
    grade: Mapped[Grade] = field("等级", Grade, nullable=False, auto=True)
    source: Mapped[Source] = field("认知途径", Source, nullable=False, auto=True)
    wanted_layout: Mapped[str | None] = field("意向户型", String(64), auto=True)
    wanted_area: Mapped[AreaBand | None] = field("意向面积段", AreaBand, auto=True)
    wanted_total: Mapped[TotalBand | None] = field("意向总价段", TotalBand, auto=True)
    first_at: Mapped[datetime] = field("首次来电来访", DateTime, nullable=False, auto=True)
    last_contact_at: Mapped[datetime] = field("最近有效联系", DateTime, nullable=False, auto=True)
    last_visit_at: Mapped[datetime | None] = field("最近来访", DateTime, auto=True)
    entered_at: Mapped[datetime] = field("转入时间", DateTime, nullable=False, auto=True, index=True)
    rule: Mapped[OwnerRule] = field("转入方式", OwnerRule, nullable=False, auto=True)
    reason: Mapped[str] = field("转入原因", String(500), nullable=False, default="", auto=True, readers=HEADS)
    former_id: Mapped[int | None] = field("原顾问", Integer, auto=True, lookup="person", readers=HEADS)
    left_at: Mapped[datetime | None] = field("离开时间", DateTime, auto=True)
    taken_by: Mapped[int | None] = field("现归属", Integer, auto=True, lookup="person", readers=HEADS)
    returned: Mapped[bool] = field("再次转入", Boolean, nullable=False, default=False, auto=True)
    state: Mapped[PoolState] = state_field(PoolState)

    @property
    def phones_masked(self) -> str:
        """138****8888 of the numbers in use; the pool shows them to whoever reads the pool, not to the owner alone."""
        session = object_session(self)
        return str(_numbers_of(session, [self.customer_id]).get(self.customer_id, "")) if session is not None else ""


def _numbers_of(session: Session, customers: list[int]) -> dict[int, object]:
    rows = session.scalars(
        select(CustomerPhone)
        .where(CustomerPhone.customer_id.in_(customers), CustomerPhone.live)
        .order_by(CustomerPhone.id),
        execution_options={"unscoped": True},
    )
    found: dict[int, list[str]] = {}
    for phone in rows:
        found.setdefault(phone.customer_id, []).append(phone.masked)
    return {key: "、".join(numbers) for key, numbers in found.items()}


def numbers_of_entries(session: Session, ids: list[int]) -> dict[int, object]:
    """What phones_masked says, for many entries in two statements."""
    query = select(PoolEntry.id, PoolEntry.customer_id).where(PoolEntry.id.in_(ids))
    whose: dict[int, int] = dict(session.execute(query).all())
    numbers = _numbers_of(session, list(whose.values()))
    return {key: numbers.get(customer, "") for key, customer in whose.items()}


PoolEntry.__in_bulk__ = {"phones_masked": numbers_of_entries}
