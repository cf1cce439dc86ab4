"""Money: whole fen in the database, exact Decimal yuan in Python, never a float.

Rounding is ROUND_HALF_UP and happens only where a rule names it (02 §2.3); amounts in capitals follow 02 §2.3.10.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from app.kernel.errors import RuleError

LIMIT_YUAN = Decimal(10) ** 11
"""Amounts are smaller than this (one hundred billion yuan), so that fen fit any integer column."""

FEN = Decimal("0.01")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WRITTEN_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,4}(?:,[0-9]{4})+)(?P<part>\.[0-9]{0,12})?(?P<unit>[万亿]?)"
)
_UNIT_FACTOR = {"": Decimal(1), "万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}


class RoundingMode(StrEnum):
    """What happens to the part below the step: rounded half up, or cut off (02 §2.3.1 P4)."""

    HALF_UP = "四舍五入"
    CUT = "去尾"


def half_up(amount: Decimal | Fraction, places: int = 2) -> Decimal:
    """Round to so many decimal places, a half away from zero; an exact Fraction is rounded without a detour.

    Raises RuleError for NaN and infinite values.
    """
    if isinstance(amount, Fraction):
        scaled = abs(amount) * 10**places
        digits = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(digits if amount >= 0 else -digits).scaleb(-places)
    _require_finite(amount)
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def round_yuan(amount: Decimal, step: Decimal | int = 1, mode: RoundingMode | str = RoundingMode.HALF_UP) -> Decimal:
    """Round an amount in yuan to whole steps of 元, 十元 or 百元 (02 §2.3.1 P4).

    step: 1, 10 or 100 yuan; mode: 四舍五入 or 去尾 (toward zero). The answer has two places, as all money.
    Raises RuleError for another step or mode.
    """
    if step not in (1, 10, 100):
        raise RuleError("取整单位只能是 1、10 或 100 元，不能是 {step}。", step=step)
    if mode not in list(RoundingMode):
        raise RuleError("取整方式只能是「四舍五入」或「去尾」，不能是「{mode}」。", mode=mode)
    _require_finite(amount)
    rounding = ROUND_HALF_UP if mode == RoundingMode.HALF_UP else ROUND_DOWN
    return (amount / step).quantize(Decimal(1), rounding=rounding) * step + Decimal("0.00")


def to_fen(amount: Decimal | str) -> int:
    """Yuan to whole fen; nothing is rounded.

    Raises RuleError for more than two decimal places, NaN, infinity, a text that is no plain number, or |amount| ≥
    10¹¹ yuan; TypeError for a float.
    """
    if isinstance(amount, str):
        if not _PLAIN_NUMBER.fullmatch(amount):
            raise RuleError("「{text}」不是金额，请只填数字，如 1106834.00。", text=amount)
        amount = Decimal(amount)
    if not isinstance(amount, Decimal):
        raise TypeError(f"money is a Decimal or a text, not {type(amount).__name__}")
    _require_finite(amount)
    if abs(amount) >= LIMIT_YUAN:
        raise RuleError("金额须小于一千亿元，请检查是否多输了位数。")
    fen = Fraction(amount) * 100
    if fen.denominator != 1:
        raise RuleError("金额最多保留两位小数（到分），请改为两位小数：{amount}。", amount=amount)
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Whole fen to yuan with two decimal places."""
    return Decimal(fen).scaleb(-2)


def parse_amount(text: str, *, field: str | None = None, allow_negative: bool = False) -> Decimal:
    """What a person typed as an amount, in yuan with two places (02 §2.5.12).

    Understands full-width characters, ¥ ￥ 元, thousands commas (groups of three or four), blanks, 万 and 亿.
    Raises RuleError (with field) that names the remedy for: empty text, anything else that is no number (NaN, 1e9),
    more than two decimal places after 万 is applied, 10¹¹ yuan and more, and a negative amount unless allow_negative.
    """
    written = "".join(unicodedata.normalize("NFKC", text).split()).replace("¥", "").replace("−", "-")
    written = written.removesuffix("元")
    if not written:
        raise RuleError("请填写金额。", field=field)
    match = _WRITTEN_AMOUNT.fullmatch(written)
    if match is None:
        raise RuleError("「{text}」不是金额，请只填数字，如 1106834.00 或 110.68万。", field=field, text=text.strip())
    digits = match["whole"].replace(",", "") + (match["part"] or "")
    amount = Decimal(digits.removesuffix(".")) * _UNIT_FACTOR[match["unit"]]
    if match["sign"] == "-" and amount:
        if not allow_negative:
            raise RuleError("金额不能是负数；退款、冲红请用退款单或红字单据。", field=field)
        amount = -amount
    try:
        return from_fen(to_fen(amount))
    except RuleError as refusal:
        raise RuleError(refusal.template, field=field, **refusal.values) from refusal


def format_amount(amount: Decimal) -> str:
    """An amount for reading: two places and thousands commas, as 1,106,834.00."""
    return f"{half_up(amount):,f}"


def split_fen(total_fen: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Divide whole fen by weights so that the parts add up to the total; odd fen go to the first ones (02 §2.3.8).

    A part of weight 0 gets 0; a negative total mirrors the positive one. Raises RuleError when no weight is positive
    or one is negative.
    """
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise RuleError("分配比例不能为负数，且合计必须大于零。")
    parts = [int(abs(total_fen) * share / whole) for share in shares]
    odd = abs(total_fen) - sum(parts)
    for index in [position for position, share in enumerate(shares) if share][:odd]:
        parts[index] += 1
    return parts if total_fen >= 0 else [-part for part in parts]


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("元", "万", "亿")


def capitals(amount: Decimal, *, prefix: str = "") -> str:
    """An amount in Chinese capitals (02 §2.3.10), as 壹佰壹拾万零陆仟捌佰叁拾肆元整; prefix is usually 人民币 or nothing.

    Every run of zeros between two non-zero digits gives one 零; 整 after 元 and 角, none after 分.
    Raises RuleError for a negative amount (use a 红字 document), more than two places, 10¹¹ yuan and more.
    """
    fen = to_fen(amount)
    if fen < 0:
        raise RuleError("负数金额不能大写，请开具红字单据。")
    yuan, part = divmod(fen, 100)
    if fen == 0:
        return f"{prefix}零元整"
    words = _yuan_words(yuan)
    if part:
        jiao, cent = divmod(part, 10)
        if yuan and (yuan % 10 == 0 or jiao == 0):
            words += "零"
        words += f"{_DIGITS[jiao]}角" if jiao else ""
        words += f"{_DIGITS[cent]}分" if cent else ""
    return prefix + words + ("" if part % 10 else "整")


def _yuan_words(yuan: int) -> str:
    """The part in front of the decimal point with its 元, or nothing for 0 yuan."""
    words = ""
    zero_pending = False
    digits = str(yuan) if yuan else ""
    for index, digit in enumerate(digits):
        group, place = divmod(len(digits) - 1 - index, 4)
        if digit == "0":
            zero_pending = True
        else:
            words += ("零" if zero_pending else "") + _DIGITS[int(digit)] + _PLACES[place]
            zero_pending = False
        group_is_spoken = group == 0 or yuan // 10 ** (4 * group) % 10**4
        if place == 0 and group_is_spoken:
            words += _GROUPS[group]
    return words


def _require_finite(amount: Decimal) -> None:
    if not amount.is_finite():
        raise RuleError("金额必须是一个确定的数。")
