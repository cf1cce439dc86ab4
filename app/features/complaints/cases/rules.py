"""What must hold for a 客户投诉: who may promise how much, what goes up, which clock belongs to which level (02 §2.5.6)."""

from __future__ import annotations

from decimal import Decimal

from app.features.complaints.cases.models import Level

CLOSE_HOURS = {
    Level.MINOR: "complaint_minor_hours", Level.COMMON: "complaint_common_hours", Level.MAJOR: "complaint_major_hours",
}  # fmt: skip


def must_go_up(level: Level | None, compensation: Decimal | None, spot_limit: Decimal) -> bool:
    """A major complaint, and whatever costs more than the supervisor may promise (yuan)."""
    return level is Level.MAJOR or (compensation or Decimal(0)) > spot_limit


def beside_the_way(level: Level | None, compensation: Decimal | None, manager_limit: Decimal | None) -> bool:
    """Whether 总经理 is left out: a major complaint goes from 项目经理 to 甲方负责人 unless its money is more than 项目经理's."""
    return level is Level.MAJOR and (manager_limit is None or (compensation or Decimal(0)) <= manager_limit)
