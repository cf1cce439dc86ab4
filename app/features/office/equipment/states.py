"""How does a piece of equipment move? (07 «设备»: kept by CLK and administration, signed by who gets it, written off by administration)"""

from __future__ import annotations

from typing import Any

from app.features.office.equipment import effects
from app.features.office.equipment.models import Equipment, EquipmentState
from app.features.office.posts import KEEPERS, STAFF
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.workflow import flow, step

STORE, WAITING, USED, REPAIR, REVIEW, SCRAPPED, RETURNED = EquipmentState

approval_kind(
    "equipment_scrap", "设备报废", Equipment, Mode.IN_TURN, "行政部 不限", need=effects.scrap_need,
    content=("asset_number", "name", "kind", "model", "bought_on", "price"),
)  # fmt: skip


def _holds(thing: Any, actor: Actor) -> bool:
    return bool(thing.holder_id == actor.person_id)


def _in_use(thing: Any, _actor: Actor) -> bool:
    return thing.held_since is not None


def _idle(thing: Any, _actor: Actor) -> bool:
    return thing.held_since is None


_DONE = (
    ask("done_on", "修好日期", "date", default=lambda _thing: now().date()),
    ask("cost", "维修费", "money", hint="没有收费填 0"),
)
_DONE_STEP = {"by": KEEPERS, "guards": [effects.repair_dates_fit], "then": [effects.finish_repair], "form": _DONE}

EQUIPMENT_FLOW = flow(
    Equipment,
    step("hand_out", "交付使用", STORE, WAITING, by=KEEPERS, tone="primary", then=[effects.hand_out],
         form=[ask("holder_id", "使用人", "person", posts=STAFF), ask("place", "存放地点", required=False)]),
    step("place", "放置公用", STORE, USED, by=KEEPERS, then=[effects.stand_somewhere],
         form=[ask("place", "存放地点", hint="例如「前台」「签约室」，公用设备不需要签收")]),
    step("sign", "签收", WAITING, USED, by=STAFF, shown=_holds, tone="primary", then=[effects.note_signature],
         confirm="签收后由你保管，离职前须交回。"),
    step("recall", "收回", WAITING, STORE, by=KEEPERS, then=[effects.forget_holder]),
    step("give_back", "交回", USED, STORE, by=KEEPERS, then=[effects.take_back],
         form=[ask("condition", "交回情况", hint="例如「完好，配件齐全」"), ask("place", "存放地点", required=False)]),
    step("send_to_repair", "送修", (STORE, USED), REPAIR, by=KEEPERS, then=[effects.send_to_repair],
         form=[ask("fault", "故障", "textarea"), ask("vendor", "维修单位"),
               ask("sent_on", "送修日期", "date", default=lambda _thing: now().date())]),
    step("repaired", "修好，继续使用", REPAIR, USED, shown=_in_use, tone="primary", **_DONE_STEP),  # type: ignore[arg-type]
    step("repaired_to_store", "修好，入库", REPAIR, STORE, shown=_idle, tone="primary", **_DONE_STEP),  # type: ignore[arg-type]
    step("scrap", "申请报废", STORE, REVIEW, by=KEEPERS, reason=True, tone="risk",
         then=[effects.note_submitter, opens("equipment_scrap")]),
    *approval_steps("equipment_scrap", REVIEW, approved=SCRAPPED, returned=STORE, refused=STORE, by=KEEPERS),
    step("return_it", "归还产权方", STORE, RETURNED, by=KEEPERS, reason=True, tone="risk"),
    normal=(STORE, WAITING, USED),
)  # fmt: skip
