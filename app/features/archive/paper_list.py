"""The papers that a household needs unless the site says otherwise (02 §2.5.8–2.5.9): the default of every project's list."""

from __future__ import annotations

from dataclasses import dataclass

from app.features.archive.models import Applies, Retention, Stage


@dataclass(frozen=True)
class DefaultKind:
    """A line of the list. code: by which the product's own steps file into it."""

    code: str
    name: str
    stage: Stage
    retention: Retention = Retention.CONTRACT
    to: Applies = Applies.ALL
    required: bool = True
    original: bool = False


_LOAN, _FUND = Applies.LOAN, Applies.FUND
_IDENTITY, _MONEY = Retention.IDENTITY, Retention.ACCOUNTING

DEFAULT_KINDS: tuple[DefaultKind, ...] = (
    DefaultKind("order", "认购书", Stage.ORDER, original=True),
    DefaultKind("identity", "身份证明复印件", Stage.ORDER, _IDENTITY),
    DefaultKind("receipt", "付款票据复印件", Stage.ORDER, _MONEY),
    DefaultKind("discount", "折扣审批表", Stage.ORDER, required=False),
    DefaultKind("proxy", "委托书", Stage.ORDER, required=False),
    DefaultKind("contract", "商品房买卖合同", Stage.SIGN, Retention.PERMANENT, original=True),
    DefaultKind("supplement", "补充协议", Stage.SIGN, Retention.PERMANENT, required=False),
    DefaultKind("marriage", "婚姻证明复印件", Stage.SIGN, _IDENTITY),
    DefaultKind("household", "户口簿复印件", Stage.SIGN, _IDENTITY),
    DefaultKind("change", "变更申请表", Stage.SIGN, required=False),
    DefaultKind("loan_contract", "按揭合同", Stage.LOAN, to=_LOAN, original=True),
    DefaultKind("income", "收入证明", Stage.LOAN, _IDENTITY, to=_LOAN),
    DefaultKind("statement", "银行流水", Stage.LOAN, _IDENTITY, to=_LOAN),
    DefaultKind("credit", "征信授权书", Stage.LOAN, _IDENTITY, to=_LOAN),
    DefaultKind("down_payment", "首付款收据复印件", Stage.LOAN, _MONEY, to=_LOAN),
    DefaultKind("fund", "公积金缴存证明", Stage.LOAN, _IDENTITY, to=_FUND),
    DefaultKind("filing", "备案证明", Stage.FILING, Retention.PERMANENT),
    DefaultKind("handover", "交楼签收文件", Stage.HANDOVER, original=True),
    DefaultKind("inspection", "验房表", Stage.HANDOVER),
    DefaultKind("settlement", "房款结清确认", Stage.TITLE, _MONEY),
    DefaultKind("deed_tax", "契税完税凭证", Stage.TITLE, Retention.PERMANENT),
    DefaultKind("repair_fund", "维修资金票据", Stage.TITLE, _MONEY),
    DefaultKind("survey", "测绘成果表", Stage.TITLE, Retention.PERMANENT),
    DefaultKind("application", "不动产登记申请表", Stage.TITLE, Retention.PERMANENT),
    DefaultKind("complaint", "投诉资料", Stage.TITLE, Retention.ORDINARY, required=False),
    DefaultKind("other", "其他资料", Stage.TITLE, Retention.ORDINARY, required=False),
)
