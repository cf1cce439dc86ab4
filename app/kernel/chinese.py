"""Chinese text and numbers as people on a sales site write them: folding, pinyin, masks, phones, IDs, dates (02 §2.5.11–12)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from app.kernel.errors import RuleError
from app.kernel.surnames import READINGS, surname_of

_CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CJK_CHARACTER = re.compile(f"([{_CJK}])")


def fold(text: str) -> str:
    """NFKC (full-width to half-width), outer blanks off, inner runs of blanks to one; letters keep their case."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def spaced(text: str) -> str:
    """A blank around every Chinese character, for full-text search by character: 王伟3栋 → «王 伟 3 栋» (03 §3.3.9)."""
    return fold(_CJK_CHARACTER.sub(r" \1 ", fold(text)))


@lru_cache(maxsize=8_192)  # thousands of homes share the words of their names
def _syllables(text: str) -> tuple[str, ...]:
    """One lower-case syllable per Chinese character, one item per run of letters or digits; punctuation is dropped."""
    from pypinyin import lazy_pinyin  # the dictionary weighs megabytes: loaded by those who need it

    return tuple(run for item in lazy_pinyin(text) for run in re.findall(r"[^\W_]+", item.lower()))


def pinyin_readings(name: str) -> list[list[str]]:
    """Every reading of a personal name as syllables, the usual one first: 乐嘉 → [[yue, jia], [le, jia]]."""
    name = fold(name)
    surname = surname_of(name)
    if surname not in READINGS:
        return [list(_syllables(name))]
    given = list(_syllables(name[len(surname) :]))
    return [reading.split() + given for reading in READINGS[surname]]


def pinyin_full(name: str) -> str:
    """Pinyin of a personal name without tones and blanks, the surname read as one: 单雄信 → shanxiongxin; also to sort by."""
    return "".join(pinyin_readings(name)[0])


def pinyin_initials(name: str) -> str:
    """First letters of the pinyin of a personal name: 单雄信 → sxx."""
    return "".join(syllable[0] for syllable in pinyin_readings(name)[0])


def mask_name(name: str) -> str:
    """A personal name in wide reports: the surname and one star, 王伟 → 王*, 欧阳锋 → 欧阳* (02 §2.5.11)."""
    name = fold(name)
    return f"{surname_of(name)}*" if name else ""


def mask_phone(phone: str) -> str:
    """A normalised phone number with its middle hidden, first three and last four shown: 138****8888 (02 §2.5.11)."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 8 else "*" * len(phone)


def mask_id(number: str) -> str:
    """An identity number with its middle hidden: 3101**********1234; a shorter paper number shows one and two signs."""
    first, last = (4, 4) if len(number) >= 15 else (1, 2)
    hidden = len(number) - first - last
    return number[:first] + "*" * hidden + number[-last:] if hidden >= 3 else "*" * len(number)


_MOBILE = re.compile(
    r"1[3-9]\d{9}|10\d{9}"
)  # 100–109 are assigned to nobody: the invented people of the demo have them
_FIXED = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}")
_SERVICE = re.compile(r"400\d{7}")
_ABROAD = re.compile(r"\+(?:852[2-9]\d{7}|853[268]\d{7})")
_RUNS = ("01234567890", "09876543210")


def parse_phone(text: str, *, field: str | None = None) -> str:
    """A phone number as typed → its normalised form, the key of the duplicate check (02 §2.5.2).

    Mobile 13800138000, fixed line with area code 02162345678, service line 4001234567, Hong Kong and Macau
    +85291234567; blanks, dashes, brackets, full-width digits and +86 in front of them are understood.
    Raises RuleError (with field) for anything else and for obviously false numbers (one digit only, counting up or
    down, eight zeros at the end; 02 §2.4 来电/来访).
    """
    written = re.sub(r"[\s()\-–—]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)(86(?=\d{10,12}$)|(?=85[23]))", lambda found: "" if found[1] else "+", written)
    if not digits:
        raise RuleError("请填写电话号码；客户没有留下电话的，请登记为「未留电」。", field=field)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise RuleError("「{text}」不是电话号码，请只填数字，一栏一个号码。", field=field, text=text.strip())
    if _is_obviously_false(digits):
        raise RuleError(
            "「{text}」不像真实号码，请与客户核对；未留电话的请登记为「未留电」。", field=field, text=text.strip()
        )
    if not any(form.fullmatch(digits) for form in (_MOBILE, _FIXED, _SERVICE, _ABROAD)):
        raise RuleError(
            "「{text}」不是有效的电话号码：手机为 11 位，固定电话请加区号（如 021-62345678），港澳号码请加 +852 或 +853。",
            field=field,
            text=text.strip(),
        )
    return digits


def _is_obviously_false(digits: str) -> bool:
    one_digit_only = len(set(digits)) == 1
    counting = any(digits[start : start + 9] in run for run in _RUNS for start in range(len(digits) - 8))
    return one_digit_only or counting or digits.endswith("0" * 8)


_PROVINCES = frozenset(range(11, 16)) | {21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)}
_PROVINCES_AND_REGIONS = _PROVINCES | {71, 81, 82, 83}


def check_id_card(text: str, *, today: date, field: str | None = None) -> str:
    """A resident identity number → its 18 signs with a capital X (GB 11643: check digit, province, day of birth).

    The county is not checked: old county codes stay valid and no list of them is complete.
    Raises RuleError (with field) that names the fault.
    """
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise RuleError("身份证号码应为 18 位（末位可为 X），请核对证件。", field=field)
    if int(number[:2]) not in _PROVINCES_AND_REGIONS:
        raise RuleError("身份证号码前两位不是省级代码，请核对证件。", field=field)
    try:
        born_on = ric.get_birth_date(number)
    except ValidationError as error:
        raise RuleError("身份证号码第 7 至 14 位不是日期，请核对证件。", field=field) from error
    if not date(1900, 1, 1) <= born_on <= today:
        raise RuleError("身份证号码中的出生日期不合理，请核对证件。", field=field)
    if ric.calc_check_digit(number) != number[-1]:
        raise RuleError("身份证号码校验位不符，可能输错了一位，请核对证件。", field=field)
    return number


def check_uscc(text: str, *, field: str | None = None) -> str:
    """A 统一社会信用代码 → its 18 signs in capitals (GB 32100). Raises RuleError (with field) when it is not one."""
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError

    try:
        return uscc.validate(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    except ValidationError as error:
        raise RuleError("统一社会信用代码应为 18 位且校验位相符，请核对营业执照。", field=field) from error


_WRITTEN_DATE = re.compile(r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_DAY_ZERO = date(1899, 12, 30)


def parse_date(value: str | float | Decimal | date, *, field: str | None = None) -> date:
    """A day as typed or as it comes from a sheet (02 §2.5.12); the time of day of a datetime is dropped.

    Understands 2024-3-5, 2024.3.5, 2024/3/5, 20240305, 2024年3月5日, full-width digits and the serial number of Excel
    (45356 = 2024-03-05). Raises RuleError (with field) for days that do not exist, years outside 1950–2100, others.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _within_years(value, field)
    if not isinstance(value, str):
        value = re.sub(r"\.0+$", "", str(value))
    written = "".join(unicodedata.normalize("NFKC", value).split())
    if not written:
        raise RuleError("请填写日期。", field=field)
    if re.fullmatch(r"\d{5}", written):
        return _within_years(_EXCEL_DAY_ZERO + timedelta(days=int(written)), field)
    match = _WRITTEN_DATE.fullmatch(written) or _EIGHT_DIGITS.fullmatch(written)
    if match is None:
        raise RuleError("「{text}」不是日期，请按 2024-03-05 填写（年份四位）。", field=field, text=written)
    year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
    try:
        return _within_years(date(year, month, day), field)
    except ValueError as error:
        raise RuleError("日历上没有「{text}」这一天，请核对。", field=field, text=written) from error


def _within_years(day: date, field: str | None) -> date:
    if not 1950 <= day.year <= 2100:
        raise RuleError("日期「{day}」的年份不在 1950 至 2100 年之间，请核对。", field=field, day=day.isoformat())
    return day
