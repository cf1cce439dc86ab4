"""来文 from a table: the register that the desk kept in Excel. What is answered there comes in as answered, so that nothing old is overdue."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.archive.letters.models import IncomingLetter, IncomingState
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.imports.by_form import add, try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.workflow import fire

DONE_WITHOUT = "无需回复"


def letters_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """The same letter: of the same sender, about the same, received on the same day."""
    found: dict[tuple[Any, ...], IncomingLetter] = {}
    for some in chunks(sorted({row.get("received_on") or now().date() for row in rows})):
        query = select(IncomingLetter).where(
            IncomingLetter.project_id == desk.project_id, IncomingLetter.received_on.in_(some),
            IncomingLetter.state != IncomingState.VOID,
        )  # fmt: skip
        for letter in desk.session.scalars(query):
            found.setdefault((letter.sender, letter.subject, letter.received_on), letter)
    return [found.get((row["sender"], row["subject"], row.get("received_on") or now().date())) for row in rows]


def check_letter(desk: Desk, values: Values) -> None:
    """As the form refuses; an answer comes between the letter and today."""
    try_form(desk, values)
    replied: date | None = values.get("answered_on")
    if replied is not None and not (values.get("received_on") or now().date()) <= replied <= now().date():
        raise RuleError("回复日期应在收到日期和今天之间", field="answered_on")


def enter_letter(desk: Desk, values: Values) -> Any:
    """Registered; answered or closed when the table says so."""
    letter = add(desk, values)
    result = values.get("result") or ""
    if values.get("answered_on") is not None:
        fire(desk.session, letter, "reply", desk.actor, on=values["answered_on"], outcome=result or "已回复")
    elif DONE_WITHOUT in result:
        fire(desk.session, letter, "close", desk.actor, note=result)
    return letter


LETTERS_IN = Import(
    columns=(
        ImportColumn("kind", aliases=("来文种类", "文件种类", "类别"), words={"函": "函件", "来函": "函件", "通知书": "通知"}),
        ImportColumn(
            "from_kind", aliases=("来文类别", "单位类别", "来文方"),
            words={"业主": "客户", "开发商": "甲方", "政府": "政府部门", "总部": "公司总部", "公司": "公司总部", "合作单位": "协作单位"},
        ),
        ImportColumn("sender", aliases=("来文机关", "发文单位", "单位", "寄件人", "发件人", "来函单位")),
        ImportColumn("their_number", aliases=("文号", "字号", "来文号", "发文字号")),
        ImportColumn("subject", aliases=("标题", "文件标题", "内容", "来文标题", "主题")),
        ImportColumn("received_on", aliases=("收文日期", "收件日期", "来文日期", "登记日期", "日期")),
        ImportColumn("needs_reply_on", aliases=("回复期限", "办理期限", "限办日期")),
        ImportColumn("express_no", kind="identity", aliases=("快递号", "运单号")),
        ImportColumn(
            "answered_on", L("回复日期"), kind="date", reads="replied_on", aliases=("办结日期", "答复日期"),
            hint=L("填了的，导入后就是「已回复」"),
        ),
        ImportColumn(
            "result", L("办理结果"), kind="text", limit=300, reads="outcome", aliases=("办理情况", "处理结果", "备注结果"),
            hint=L("不用回复的写「无需回复」"),
        ),
        ImportColumn("note", aliases=("备注", "说明")),
    ),
    key=("sender", "subject", "received_on"), known=letters_known, check=check_letter, create=enter_letter,
    notes=(
        L("来文号由系统编；同一单位、同一事由、同一天收到的算同一件。"),
        L("写了回复日期的导入后是「已回复」，办理结果写「无需回复」的直接办结，其余是「待分办」。"),
    ),
)  # fmt: skip
