"""What a handover asks for: two books and a form, whole meters, days in their order — plain functions on values (02 §2.5.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.kernel.errors import RuleError
from app.kernel.money import format_amount

# field of the form, name, whether the law asks for it (两书一表)
DOCUMENTS = (
    ("quality_book", "住宅质量保证书", True),
    ("manual", "住宅使用说明书", True),
    ("completion_form", "竣工验收备案表", True),
    ("service_contract", "前期物业服务协议", False),
    ("house_rules", "临时管理规约", False),
    ("supplement", "补充协议", False),
    ("adverse_notice", "不利因素告知书", False),
)
_READING = re.compile(r"[0-9]{1,8}(\.[0-9]{1,3})?")
MOST_KEYS = 50


@dataclass(frozen=True)
class Due:
    """A sum that is still owed, and for what."""

    name: str
    amount: Decimal


def given_documents(ticked: Mapping[str, object]) -> str:
    """The papers that were handed out, as they are kept. Raises RuleError when one of 两书一表 is missing."""
    missing = [name for key, name, needed in DOCUMENTS if needed and not ticked.get(key)]
    if missing:
        raise RuleError("两书一表必须当面交付，还差：{names}", names="、".join(missing))
    return "、".join(name for key, name, _needed in DOCUMENTS if ticked.get(key))


def reading(text: str | None, field: str, name: str) -> str:
    """A meter as it stands; empty where the flat has none. Raises RuleError for anything but digits."""
    plain = (text or "").strip()
    if plain and not _READING.fullmatch(plain):
        raise RuleError("{name}只填数字，如 128.5；没有这块表就不填", field=field, name=name)
    return plain


def whole_keys(count: Decimal | int) -> int:
    """At least one key, none of them halved: the form gives a decimal number, the column is whole."""
    if count != int(count) or not 1 <= count <= MOST_KEYS:
        raise RuleError("钥匙应在 1 至 {n} 把之间，填整数", field="keys", n=MOST_KEYS)
    return int(count)


def require_settled(dues: Iterable[Due], area: str) -> None:
    """Everything is paid, the area difference too. area: why the 补差 is not settled, or nothing. Raises RuleError naming all."""
    words = [f"{due.name} {format_amount(due.amount)} 元" for due in dues]
    if area:
        words.append(area)
    if words:
        raise RuleError("费用还没有结清：{what}", what="、".join(words))


def require_passed(on: date, due_on: date | None, signed_for_on: date | None) -> None:
    """逾期视为交付: the notice was signed for and its day is over (02 §2.2.1)."""
    if signed_for_on is None:
        raise RuleError("交楼通知还没有登记签收，不能视为交付")
    if due_on is None or on <= due_on:
        raise RuleError("还没有到期：应收楼日是 {day}", day=due_on.isoformat() if due_on else "—")


def require_not_future(on: date, today: date, what: str) -> None:
    """Facts are entered when they happened. Raises RuleError beside the date."""
    if on > today:
        raise RuleError("{what}不能晚于今天", field="on", what=what)
