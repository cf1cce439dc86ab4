"""Truth tables of Chinese names and numbers (02 §2.5.2, §2.5.11, §2.5.12; 06 §6.1 points 7 and 9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.chinese import (
    check_id_card,
    check_uscc,
    fold,
    mask_id,
    mask_name,
    mask_phone,
    parse_date,
    parse_phone,
    pinyin_full,
    pinyin_initials,
    pinyin_readings,
    spaced,
)
from app.kernel.errors import RuleError

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("　王伟　", "王伟"), ("３栋\t １１０２", "3栋 1102"), ("ＡＢＣ", "ABC"), ("", ""), ("a\u00a0\nb", "a b")],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("王伟", "王 伟"),
        ("王伟3栋1102", "王 伟 3 栋 1102"),
        ("John Smith", "John Smith"),
        ("３栋Ａ座", "3 栋 A 座"),
        ("𠮷野家", "𠮷 野 家"),
        ("", ""),
    ],
)
def test_characters_stand_apart_for_search(text: str, words: str) -> None:
    assert spaced(text) == words


@given(st.text())
def test_spacing_twice_changes_nothing(text: str) -> None:
    assert spaced(spaced(text)) == spaced(text)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("王伟", "wangwei", "ww"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("曾国藩", "zengguofan", "zgf"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("查良镛", "zhaliangyong", "zly"),
        ("区少明", "oushaoming", "osm"),
        ("仇英", "qiuying", "qy"),
        ("朴志浩", "piaozhihao", "pzh"),
        ("盖丽丽", "gelili", "gll"),
        ("缪建国", "miaojianguo", "mjg"),
        ("乐嘉", "yuejia", "yj"),
        ("覃海", "qinhai", "qh"),
        ("翟天", "zhaitian", "zt"),
        ("员晓", "yunxiao", "yx"),
        ("折可", "sheke", "sk"),
        ("黑建", "hejian", "hj"),
        ("能明", "naiming", "nm"),
        ("洗红", "xianhong", "xh"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟明", "moqiming", "mqm"),
        ("欧阳锋", "ouyangfeng", "oyf"),
        ("乐正绫", "yuezhengling", "yzl"),
        ("吕布", "lvbu", "lb"),
        ("　张　三", "zhangsan", "zs"),
        ("John Smith", "johnsmith", "js"),
        ("", "", ""),
    ],
)
def test_names_in_pinyin(name: str, full: str, initials: str) -> None:
    assert (pinyin_full(name), pinyin_initials(name)) == (full, initials)


def test_a_surname_is_read_as_one_only_in_front() -> None:
    assert pinyin_full("王单") == "wangdan"


def test_both_readings_of_a_surname_are_known() -> None:
    assert pinyin_readings("乐嘉") == [["yue", "jia"], ["le", "jia"]]


@pytest.mark.parametrize(
    ("name", "masked"), [("王伟", "王*"), ("张三丰", "张*"), ("欧阳锋", "欧阳*"), ("东方", "东*"), ("", "")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800008888", "138****8888"),
        ("02162345678", "021****5678"),
        ("+85291234567", "+85****4567"),
        ("12345678", "*" * 8),
    ],
)
def test_phones_are_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("310101199001011234", "3101**********1234"),
        ("E12345678", "E******78"),
        ("12345", "*****"),
        ("123456", "1***56"),
        ("", ""),
    ],
)
def test_identity_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("(+86)13800138000", "13800138000"),
        ("17012345670", "17012345670"),
        ("19912340000", "19912340000"),
        ("10012345670", "10012345670"),
        ("10900001234", "10900001234"),
        ("021-62345678", "02162345678"),
        ("010 62345678", "01062345678"),
        ("0571-87654321", "057187654321"),
        ("0791-6234567", "07916234567"),
        ("+86 021 62345678", "02162345678"),
        ("400-123-4567", "4001234567"),
        ("+852 9123 4567", "+85291234567"),
        ("00852 91234567", "+85291234567"),
        ("+853 6612 3456", "+85366123456"),
        ("13888888888", "13888888888"),
    ],
)
def test_phones_are_normalised(text: str, phone: str) -> None:
    assert parse_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "未留电"),
        ("- -", "未留电"),
        ("无", "只填数字"),
        ("13800138000/13900139000", "只填数字"),
        ("1.38E+10", "只填数字"),
        ("11111111111", "不像真实"),
        ("00000000000", "不像真实"),
        ("12345678901", "不像真实"),
        ("13123456789", "不像真实"),
        ("19876543210", "不像真实"),
        ("13800000000", "不像真实"),
        ("1380013800", "有效"),
        ("138001380001", "有效"),
        ("12000138000", "有效"),
        ("62345678", "区号"),
        ("021-12345678", "有效"),
        ("+1 2025550123", "有效"),
        ("91234567", "有效"),
    ],
)
def test_no_phones(text: str, hint: str) -> None:
    with pytest.raises(RuleError, match=hint) as refusal:
        parse_phone(text, field="phone")
    assert refusal.value.field == "phone"


@given(st.from_regex(r"1[3-9]0[1-9]{3}0[1-9]{4}", fullmatch=True))
def test_a_normal_number_stays_itself(phone: str) -> None:
    assert parse_phone(phone) == parse_phone(f"+86 {phone[:3]}-{phone[3:7]} {phone[7:]}") == phone


@pytest.mark.parametrize("text", ["11010519491231002X", "11010519491231002x", " 110105 19491231 002Ｘ "])
def test_a_right_identity_number(text: str) -> None:
    assert check_id_card(text, today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("110105194912310021", "校验位"),
        ("110105194912310029", "校验位"),
        ("1.1010519491231e+17", "18 位"),
        ("110105491231002", "18 位"),
        ("", "18 位"),
        ("X10105194912310021", "18 位"),
        ("99010519491231002X", "省级"),
        ("110105194913310021", "日期"),
        ("110105194902300021", "日期"),
        ("110105202712310021", "出生日期"),
        ("110105189912310021", "出生日期"),
    ],
)
def test_a_wrong_identity_number_names_the_fault(text: str, hint: str) -> None:
    with pytest.raises(RuleError, match=hint):
        check_id_card(text, today=TODAY, field="id_number")


def test_company_codes() -> None:
    assert check_uscc(" 91110000600037341l ") == "91110000600037341L"
    for wrong in ("911100006000373411", "9111000060003734", ""):
        with pytest.raises(RuleError, match="18 位"):
            check_uscc(wrong)


@pytest.mark.parametrize(
    "value",
    [
        "2024-3-5",
        "2024-03-05",
        "2024.3.5",
        "2024/3/5",
        "20240305",
        "2024年3月5日",
        "2024年03月05号",
        " ２０２４－３－５ ",
        "45356",
        45356,
        45356.0,
        Decimal(45356),
        20240305,
        date(2024, 3, 5),
        datetime(2024, 3, 5, 18, 30),
    ],
)
def test_the_same_day_in_many_hands(value: str | float | Decimal | date) -> None:
    day = parse_date(value)
    assert day == date(2024, 3, 5)
    assert not isinstance(day, datetime)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("", "请填写"),
        ("2024.2.30", "没有"),
        ("2023-2-29", "没有"),
        ("20241301", "没有"),
        ("1949-12-31", "1950"),
        ("2101-1-1", "1950"),
        ("10000", "1950"),
        (99999, "1950"),
        (date(1900, 1, 1), "1950"),
        ("24-3-5", "不是日期"),
        ("2024-3.5", "不是日期"),
        ("3/5/2024", "不是日期"),
        ("明天", "不是日期"),
        (45356.5, "不是日期"),
        (-5, "不是日期"),
        (float("nan"), "不是日期"),
        (Decimal("45356.25"), "不是日期"),
    ],
)
def test_no_days(value: str | float | date, hint: str) -> None:
    with pytest.raises(RuleError, match=hint) as refusal:
        parse_date(value, field="due_on")
    assert refusal.value.field == "due_on"


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_understood_in_every_form(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for written in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}", serial):
        assert parse_date(written) == day
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") + timedelta(days=1) > day
