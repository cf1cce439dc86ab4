"""来文 and 发文 from a table: the registers that the desk kept in Excel. What is answered there comes in as answered, so that
nothing old is overdue."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.archive.letters.models import DESK, IncomingLetter, IncomingState, OutgoingLetter, OutgoingState
from app.features.organisation.models import Project
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.imports.by_form import add, try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.workflow import fire

DONE_WITHOUT = "无需回复"
NOT_HERE = "（旧发文登记簿导入，正文见原件）"


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
    """As the form refuses."""
    try_form(desk, values)


def check_reply(_desk: Desk, values: Values) -> None:
    """An answer comes between the letter and today."""
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
    key=("sender", "subject", "received_on"), known=letters_known, each=(check_reply,), check=check_letter, create=enter_letter,
    notes=(
        L("来文号由系统编；同一单位、同一事由、同一天收到的算同一件。"),
        L("写了回复日期的导入后是「已回复」，办理结果写「无需回复」的直接办结，其余是「待分办」。"),
    ),
)  # fmt: skip


def sent_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """The same letter: by its number; without one to the same, about the same, sent on the same day."""
    by_number: dict[str, OutgoingLetter] = {}
    alike: dict[tuple[Any, ...], OutgoingLetter] = {}
    query = select(OutgoingLetter).where(
        OutgoingLetter.project_id == desk.project_id, OutgoingLetter.state != OutgoingState.VOID
    )
    for some in chunks(sorted({row["number"] for row in rows if row.get("number")})):
        by_number |= {
            one.number or "": one for one in desk.session.scalars(query.where(OutgoingLetter.number.in_(some)))
        }
    for some in chunks(sorted({row["sent_on"] for row in rows})):
        for one in desk.session.scalars(query.where(OutgoingLetter.sent_on.in_(some))):
            alike.setdefault((one.recipient, one.subject, one.sent_on), one)
    return [
        by_number.get(row["number"])
        if row.get("number")
        else alike.get((row["recipient"], row["subject"], row["sent_on"]))
        for row in rows
    ]


def check_sent_days(_desk: Desk, values: Values) -> None:
    """It was sent by today, answered after that."""
    sent: date = values["sent_on"]
    if sent > now().date():
        raise RuleError("发出日期不能晚于今天；还没发出的请在系统里起草送审", field="sent_on")
    if (answered := values.get("answered_on")) is not None and not sent <= answered <= now().date():
        raise RuleError("收到回复的日期应在发出日期和今天之间", field="answered_on")


def check_sent(desk: Desk, values: Values) -> None:
    """As the form refuses; its number is not one that the product gives."""
    code = desk.session.scalars(select(Project.code).where(Project.id == desk.project_id)).one()
    if (values.get("number") or "").startswith(f"{OutgoingLetter.__number__}-{code}-"):
        raise RuleError("“{no}”是系统的发文号样式，由系统按顺序编；请留空", field="number", no=values["number"])
    try_form(desk, _as_typed(values))


def _as_typed(values: Values) -> Values:
    apart = ("sent_on", "express_no", "answered_on", "outcome")
    return {name: value for name, value in values.items() if name not in apart} | {
        "content": values.get("content") or NOT_HERE
    }


def enter_sent(desk: Desk, values: Values) -> Any:
    """Sent on its day; answered when the table says so, waited for when an answer was asked, else done."""
    letter = add(desk, _as_typed(values))
    fire(
        desk.session,
        letter,
        "enter_sent",
        desk.actor,
        internal=True,
        on=values["sent_on"],
        express_no=values.get("express_no"),
    )
    if values.get("answered_on") is not None:
        outcome = values.get("outcome") or "已回复"
        fire(desk.session, letter, "answer", desk.actor, internal=True, on=values["answered_on"], outcome=outcome)
    elif letter.needs_answer is None:
        fire(desk.session, letter, "done", desk.actor, internal=True)
    return letter


SENT_IN = Import(
    columns=(
        ImportColumn(
            "number", L("原发文号"), kind="text", limit=40, aliases=("发文号", "发文字号", "文号", "字号", "编号"), hint=L("没有就留空，由系统编")
        ),
        ImportColumn("kind", aliases=("发文种类", "文件种类", "类别"), words={"函": "函件", "通知书": "通知"}),
        ImportColumn(
            "to_kind", aliases=("发文类别", "单位类别", "收文方"),
            words={"业主": "客户", "开发商": "甲方", "政府": "政府部门", "总部": "公司总部", "公司": "公司总部", "合作单位": "协作单位"},
        ),
        ImportColumn("recipient", aliases=("收文单位", "收件单位", "主送", "主送单位", "发往单位", "收件人", "单位")),
        ImportColumn("subject", aliases=("标题", "文件标题", "内容", "发文标题", "主题")),
        ImportColumn("sent_on", required=True, kind="date", aliases=("发文日期", "寄出日期", "发送日期", "日期")),
        ImportColumn("express_no", kind="identity", aliases=("快递号", "运单号")),
        ImportColumn("copies", aliases=("数量", "印数")),
        ImportColumn("needs_answer", aliases=("要求回复日期", "回复期限")),
        ImportColumn("answered_on", kind="date", aliases=("回复日期", "对方回复日期"), hint=L("填了的，导入后就是「已收回复」")),
        ImportColumn("outcome", kind="text", limit=300, aliases=("对方回复", "回复情况", "办理结果")),
        ImportColumn("content", required=False, aliases=("发文内容", "摘要", "备注"), hint=L("没有就留空")),
    ),
    key=("number", "recipient", "subject", "sent_on"), by=DESK, known=sent_known, each=(check_sent_days,), check=check_sent, create=enter_sent,
    notes=(
        L("只收已经发出的旧登记簿，导入后不再送审，变更历史里写明「旧簿登记」和导入人；新的发文请在系统里起草送审。"),
        L("有原发文号的保留，没有的由系统编；写了回复日期的是「已收回复」，写了要求回复日期的继续跟踪，其余直接办结。"),
    ),
)  # fmt: skip
