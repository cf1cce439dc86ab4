"""The product's words in English: known words, kept sentences, lists; what people wrote stays as it is."""

from __future__ import annotations

import pytest
from flask_babel import force_locale
from markupsafe import Markup

from app.kernel.errors import RuleError
from app.kernel.screens.page import Fact, FormField, Link, Option, Row
from app.kernel.screens.speaking import in_english
from app.kernel.words import english, refusal, several, shown, understood


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("成交总价", "Deal total"),
        ("客户「王伟」已分配给你", "Customer “王伟” has been assigned to you"),
        ("超时未批：认购书 3-1-1102", "Overdue approval: Subscription 3-1-1102"),
        ("销售主管、案场经理（代 吴越）", "Sales supervisor, Site manager (for 吴越)"),
        ("采购申请 12", "Purchase 12"),
        ("3栋1单元1102", "3栋1单元1102"),
        ("18层", "F18"),
        ("管理层", "管理层"),
        ("王伟", "王伟"),
        ("王伟，张敏", "王伟，张敏"),
        ("轮序写得清楚，同意", "轮序写得清楚，同意"),  # somebody's opinion, not ours
        ("RG-JPYL-001", "RG-JPYL-001"),
    ],
)
def test_a_kept_text_is_read_in_english(kept, read):
    assert english(kept) == read


def test_chinese_readers_read_what_is_kept(app):
    with app.test_request_context():
        assert shown("成交总价") == "成交总价"
        with force_locale("en"):
            assert shown("成交总价") == "Deal total"
    assert shown("成交总价") == "成交总价"


def test_a_list_is_named_in_the_plural(app):
    with app.test_request_context():
        assert several("费用报销") == "费用报销"
        with force_locale("en"):
            assert (several("费用报销"), shown("费用报销")) == ("Expense claims", "Expense claim")


def test_a_refusal_keeps_its_values(app):
    error = RuleError("{label}「{text}」不是整数", label="份数", text="三")
    with app.test_request_context():
        assert refusal(error) == "份数「三」不是整数"
        with force_locale("en"):
            assert refusal(error) == "Copies “三” is not a whole number"


def test_a_page_is_translated_but_never_what_is_sent_back():
    field = in_english(FormField("reason", "原因", value="同意", options=(Option("同意", "同意"),)))
    assert (field.label, field.value, field.options) == ("Reason", "同意", (Option("同意", "Agree"),))
    assert in_english(Fact("状态", Markup('<a href="/x?q=草稿">草稿</a>'))) == Fact(
        "State", Markup('<a href="/x?q=草稿">Draft</a>')
    )
    row = Row("1", "/customer/show/1", "客户", (), (Link("修改", "/customer/edit/1"),))
    assert (in_english(row).name, in_english(row).ops[0].label) == ("Customer", "Edit")


def test_nothing_is_copied_without_need():
    link = Link("Save", "/x")
    assert in_english(link) is link


def test_typed_words_are_kept_in_chinese(app):
    words = ("销售主管", "案场经理", "不限")
    with app.test_request_context():
        assert understood("Sales supervisor 0.5", words) == "Sales supervisor 0.5"
        with force_locale("en"):
            assert understood("sales supervisor 0.5\nSite manager unlimited", words) == "销售主管 0.5\n案场经理 不限"
