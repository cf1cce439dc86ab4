"""What `./anchang doctor` asks of the store: the cached stock is the sum of the 流水."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.office.supplies.models import StockMovement, SupplyItem


def verify(session: Session) -> Iterator[str]:
    """Chinese findings, one a fault; nothing when all is well."""
    summed = func.coalesce(func.sum(StockMovement.quantity), 0)
    query = (
        select(SupplyItem.id, SupplyItem.title, SupplyItem.stock, summed)
        .outerjoin(StockMovement, StockMovement.item_id == SupplyItem.id)
        .group_by(SupplyItem.id, SupplyItem.title, SupplyItem.stock)
        .order_by(SupplyItem.id)
    )
    for key, title, stock, total in session.execute(query, execution_options={"unscoped": True}):
        if stock != total:
            yield f"物品 {key}「{title}」库存记为 {stock}，流水合计是 {total}"
