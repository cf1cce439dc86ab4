"""The demo world: invented people and two projects, the same on every machine (01 «The demo world»)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.demo import (
    aftercare,
    archive,
    channels,
    collecting,
    complaints,
    customers,
    deals,
    dossiers,
    files,
    insight,
    late_signing,
    notices,
    office,
    organisation,
    ownership,
    payments,
    pricing,
    privacy,
    quotes,
    releases,
    rotation,
    service,
    tables,
    units,
)
from app.demo.world import World
from app.kernel.actors import SYSTEM, acting_as

Progress = Callable[[str], None]

# Each room's chapter in the order of the registry: (what is said meanwhile, its load(session, world)).
# Units are made before their prices and released after; the price change comes between the orders before and after it.
CHAPTERS: tuple[tuple[str, Callable[[Any, World], None]], ...] = (
    ("公司、项目、人员", organisation.load),
    ("楼栋、户型、房源", units.load),
    ("价目表、付款方式、销售方案", pricing.load),
    ("推盘、保留、销控指令", releases.load),
    ("客户、来访、跟进", customers.load),
    ("轮接", rotation.load),
    ("认购、合同、变更", deals.load),
    ("置业计划", quotes.before_the_change),
    ("调价", pricing.change),
    ("最近三天的交易", deals.recent),
    ("有效的置业计划", quotes.recent),
    ("收款：今日待办", payments.load),
    ("公海、判客", ownership.load),
    ("渠道报备、老带新", channels.load),
    ("按揭、交楼、办证", aftercare.load),
    ("投诉、建议、突发事件", complaints.load),
    ("接待评价、服务检查", service.load),
    ("催签函、解除通知", late_signing.load),
    ("催款、票据、对账、月结", collecting.load),
    ("资料档案", archive.load),
    ("办公用品、设备、费用", office.load),
    ("客户同意、档案报送", dossiers.load),
    ("个人信息请求、清理、泄露登记", privacy.load),
    ("附件：预览、文字、识别", files.load),
    ("导入与导出", tables.load),
    ("统一口径、意向分析、难单协助", insight.load),
    ("通知", notices.load),
)


def load_all(session: Any, today: date, progress: Progress = lambda _words: None) -> World:
    """Fill an empty, migrated database as SYSTEM; progress hears each chapter's words. Needs the registered features."""
    world = World(session, today)
    with acting_as(SYSTEM):
        for words, load in CHAPTERS:
            progress(words)
            load(session, world)
    return world
