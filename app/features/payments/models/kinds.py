"""The closed lists of buyers' money: 款项类型, who pays, how it comes, into which account (02 §2.2.2, §2.3.4)."""

from __future__ import annotations

from app.kernel.states import Choice


class FundKind(Choice):
    """款项类型. 定金 has a legal effect that 排号费 and 预定金 have not (02 §2.3.3); refunds are papers of their own."""

    QUEUE = ("queue", "排号费")
    BOOKING = ("booking", "预定金")
    DEPOSIT = ("deposit", "定金")
    FIRST_PAYMENT = ("first_payment", "首期")
    PRICE = ("price", "楼款")
    BANK_LOAN = ("bank_loan", "按揭")
    FUND_LOAN = ("fund_loan", "公积金")
    DIFFERENCE = ("difference", "补差")
    FINISH = ("finish", "装修款")
    PARKING = ("parking", "车位款")
    STORE = ("store", "储藏间款")
    FEE = ("fee", "手续费")
    LATE_FEE = ("late_fee", "滞纳金")
    COLLECTED = ("collected", "代收费")
    PROPERTY = ("property", "物业费")


EARNEST = (FundKind.QUEUE, FundKind.BOOKING)  # of a 认筹单 and a 小订单; an order knows them as 定金 only


class PaidBy(Choice):
    """Whose money a row waits for."""

    BUYER = ("buyer", "买受人")
    BANK = ("bank", "银行")
    FUND = ("fund", "公积金中心")


class Method(Choice):
    """How money comes (方式)."""

    CASH = ("cash", "现金")
    POS = ("pos", "POS")
    TRANSFER = ("transfer", "转账")
    BANK_LOAN = ("bank_loan", "银行放款")
    SUPERVISED = ("supervised", "监管账户")


class Credited(Choice):
    """入账账户: pre-sale money belongs into the supervised account (02 §2.5.10)."""

    SUPERVISED = ("supervised", "监管账户")
    GENERAL = ("general", "一般账户")
