"""The rooms of the house in one order: a feature may import only features that stand before it (03 «Import law»)."""

from __future__ import annotations

from typing import Protocol

from flask_appbuilder import AppBuilder

from app.features import (
    archive,
    complaints,
    customers,
    deals,
    dossiers,
    handover,
    office,
    organisation,
    payments,
    pricing,
    privacy,
    service,
    units,
)


class Feature(Protocol):
    """One package of app.features."""

    NAME: str
    LABEL: str

    def register(self, appbuilder: AppBuilder) -> None:
        """Adds the feature's views, menu entries, duties and kernel registry entries."""


FEATURES: tuple[Feature, ...] = (
    organisation, archive, office, units, pricing, customers, payments, deals, handover, complaints, service, dossiers, privacy,
)  # fmt: skip

# The side menu: the pages of every day first, then the rooms by how often a site needs them, set-up last (look/board.html).
MENU_FIRST = (
    "Home",
    "BoardView",
    "Approvals",
    "客户",
    "轮接",
    "归属与渠道",
    "房源",
    "交易",
    "签约按揭",
    "收款",
    "票据账务",
    "交楼办证",
    "投诉建议",
    "服务质量",
    "资料档案",
    "个人信息",
    "办公",
)
MENU_LAST = ("组织", "Settings")


def arrange_menu(appbuilder: AppBuilder) -> None:
    """Puts the entries in order once every feature has added its own; those not named stand between, as declared."""
    place = {name: i for i, name in enumerate(MENU_FIRST)} | {name: 1000 + i for i, name in enumerate(MENU_LAST)}
    appbuilder.menu.menu.sort(key=lambda item: place.get(item.name, len(MENU_FIRST)))
