"""设备 from a table: the asset list of the site. Whoever the table names as its user gets it to sign, as from hand to hand."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.office.posts import STAFF
from app.kernel.errors import RuleError
from app.kernel.imports.by_form import add, try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.screens.people import people_of
from app.kernel.workflow import fire


def check_thing(desk: Desk, values: Values) -> None:
    """As the form refuses; only people of the agency may be given something to keep."""
    try_form(desk, values)
    user = values.get("user")
    if user is not None and str(user) not in {key for key, _name in people_of(STAFF, desk.project_id)}:
        raise RuleError("只有代理公司在岗的同事可以领用设备，请核对使用人", field="user")


def enter_thing(desk: Desk, values: Values) -> Any:
    """Into the store, and from there to its user, who signs."""
    thing = add(desk, values)
    if values.get("user") is not None:
        fire(desk.session, thing, "hand_out", desk.actor, holder_id=values["user"], place=values.get("place"))
    return thing


KIND_WORDS = {
    "笔记本": "电脑", "台式机": "电脑", "笔记本电脑": "电脑", "台式电脑": "电脑", "打印机": "打印复印", "复印机": "打印复印",
    "一体机": "打印复印", "电话": "电话对讲", "对讲机": "电话对讲", "投影仪": "投影音响", "音响": "投影音响", "办公家具": "家具",
    "空调": "家电", "饮水机": "家电", "电瓶车": "看房车",
}  # fmt: skip
EQUIPMENT_IN = Import(
    columns=(
        ImportColumn("asset_number", aliases=("编号", "设备编号", "资产号", "固定资产编号")),
        ImportColumn("name", aliases=("设备名称", "资产名称", "设备")),
        ImportColumn("kind", words=KIND_WORDS, aliases=("设备类别", "分类", "类型", "资产类别")),
        ImportColumn("model", aliases=("规格型号", "品牌型号", "规格")),
        ImportColumn("bought_on", aliases=("购买日期", "购置日期", "采购日期", "入账日期")),
        ImportColumn("price", aliases=("原值", "单价", "购置金额", "金额", "价格")),
        ImportColumn("warranty_until", aliases=("保修期至", "质保至", "保修截止")),
        ImportColumn("owned_by", aliases=("产权", "归属")),
        ImportColumn("place", aliases=("存放位置", "位置", "使用地点", "放置地点")),
        ImportColumn(
            "user", L("使用人"), kind="person", reads="holder_id", hint=L("写了的，导入后由本人签收"),
            aliases=("领用人", "保管人", "责任人", "持有人"),
        ),
        ImportColumn("note", aliases=("说明",)),
    ),
    key=("asset_number",), check=check_thing, create=enter_thing,
    notes=(
        L("按资产编号认设备；已登记的不改，内容不同的列出来。"),
        L("写了使用人的，导入后状态是「待签收」，由本人用自己的账号签收。"),
    ),
)  # fmt: skip
