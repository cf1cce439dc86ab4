"""What stands on a household's file and on the hand-over slip. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.features.dossiers import reading
from app.features.dossiers.models import DossierBatch, DossierFile, Standing
from app.kernel.chinese import mask_phone
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import Desk, day, money, person, told

LABELS = {
    "customer_name": "客户", "gender": "性别", "age_band": "年龄段", "home_area": "居住区域", "work_area": "工作区域", "occupation": "职业",
    "family": "家庭结构", "source": "认知途径", "grade": "等级", "purpose": "购房用途", "wanted": "需求", "concerns": "关注点",
    "resistance": "抗性", "first_on": "首次来电来访", "last_on": "最近联系", "visits": "来访次数", "follow_ups": "跟进次数",
    "seller": "置业顾问", "unit_name": "房源", "total": "成交总价", "paid": "已收", "scheme": "付款方式", "reserved_on": "认购日期",
    "signed_on": "签约日期", "missing_names": "缺少", "consent": "同意依据",
}  # fmt: skip


def _written(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return money(value) if isinstance(value, Decimal) else told(value)


def _values(content: Any, phones: str) -> Values:
    found: Values = {label: _written(content(name)) for name, label in LABELS.items()}
    return found | {"手机": phones, "齐全度": f"{content('present')} / {content('needed')}"}


def customer_file(desk: Desk, customer: Any) -> Values:
    """客户电子档案 as it is now."""
    content = reading.content_of(desk.session, customer, reading.order_of(desk.session, customer.id))
    phones = [desk.personal(phone, "number") for phone in customer.live_phones]
    return _values(content.get, "、".join(phones) or told(None)) | {"版本": "现时内容", "批次": told(None)}


def dossier_file(desk: Desk, one: DossierFile) -> Values:
    """客户电子档案 as it was sent."""
    if desk.full:
        phones = desk.personal(one, "phones")
    else:
        phones = "、".join(mask_phone(p) for p in (one.phones or "").split("、") if p) or told(None)
    content = {name: getattr(one, name) for name in (*LABELS, "needed", "present")}
    return _values(content.get, phones) | {"版本": f"第 {one.edition} 版", "批次": told(one.batch.number)}


def dossier_slip(_desk: Desk, batch: DossierBatch) -> Values:
    """交接单: every household that was told of, and how many were not."""
    sent = [one for one in batch.files if one.standing in (Standing.SENT, Standing.WAITING)]
    return {
        "报送对象": batch.kind.label, "户数": str(len(sent)), "未报送户数": str(batch.left_out), "提交次数": str(batch.turn),
        "提交时间": day(batch.submitted_on.date() if batch.submitted_on else None),
        "档案清单": [
            {"序号": str(i), "客户": one.customer_name, "房源": told(one.unit_name or one.wanted), "版本": f"第 {one.edition} 版",
             "齐全度": one.completeness}
            for i, one in enumerate(sent, 1)
        ],
        "接收人": told(batch.receiver), "接收日期": day(batch.received_on.date() if batch.received_on else None),
        "经办人": person(batch.submitted_by or batch.created_by), "说明": told(batch.note),
    }  # fmt: skip
