"""The registers that a desk kept in Excel: letters that came, papers of the site (issue 4 point 3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.features.archive.letters.models import IncomingLetter, IncomingState, OutgoingLetter, OutgoingState
from app.features.archive.models import PaperState
from app.features.archive.site_files.models import SiteFile
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from tests.tables import bring, plain, table

LETTERS = ["来文方", "来文机关", "文号", "标题", "收文日期", "回复日期", "办理情况"]
FILES = ["档案号", "分类", "年份", "文件名称", "归档日期", "柜号"]


def rows(cast, model):
    cast.session.rollback()
    with acting_as(SYSTEM):
        return cast.session.scalars(select(model).order_by(model.id)).all()


def test_old_letters_come_in_as_they_ended(cast, client_as):
    data = table(
        LETTERS, ["开发商", "江城置业", "江置〔2026〕12号", "关于加推的函", "2026.3.5", "2026.3.7", "已复函"],
        ["政府部门", "房管局", "", "检查通知", "2026-3-6", "", "无需回复"], ["业主", "张先生", "", "询问交楼", str(now().date()), "", ""],
    )  # fmt: skip
    way = bring(client_as("clerk"), "incoming-letter", data).check()
    assert "3 行新增" in plain(way.preview), plain(way.preview)
    way.confirm()
    answered, closed, waiting = rows(cast, IncomingLetter)
    assert (answered.state, answered.replied_on, answered.outcome) == (
        IncomingState.REPLIED,
        date(2026, 3, 7),
        "已复函",
    )
    assert closed.state is IncomingState.CLOSED
    assert waiting.state is IncomingState.REGISTERED
    assert all(letter.number for letter in (answered, closed, waiting))
    again = bring(client_as("clerk"), "incoming-letter", data).check()
    assert "0 行新增，3 条已存在且一致" in plain(again.preview), plain(again.preview)


@pytest.mark.parametrize("days", [-1, 2])
def test_an_answer_lies_between_the_letter_and_today(cast, client_as, days):
    came = now().date() - timedelta(days=1)
    row = ["甲方", "江城置业", "", "函", str(came), str(came + timedelta(days=days)), ""]
    way = bring(client_as("clerk"), "incoming-letter", table(LETTERS, row)).check()
    assert "回复日期应在收到日期和今天之间" in plain(way.preview)


def test_papers_of_the_site_keep_their_number(cast, client_as):
    data = table(
        FILES, ["老-0031", "规章制度", "2024", "案场管理制度", "2024.3.5", "1 柜"], ["", "会议纪要", "2025", "第 3 次例会纪要", "20250106", ""]
    )  # fmt: skip
    way = bring(client_as("clerk"), "site-file", data).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    way.confirm()
    old, new = rows(cast, SiteFile)
    assert (old.number, old.state, old.shelf) == ("老-0031", PaperState.IN, "1 柜")
    assert new.number == "JPYL-会议记录-2025-001"
    again = bring(client_as("clerk"), "site-file", data).check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview), plain(again.preview)


def test_a_number_of_the_products_own_pattern_is_not_taken(cast, client_as):
    row = ["JPYL-制度-2026-009", "制度", "2026", "新制度", "2026.1.5", ""]
    way = bring(client_as("clerk"), "site-file", table(FILES, row)).check()
    assert "系统的档号样式" in plain(way.preview)


SENT = [
    "发文字号",
    "类别",
    "收文方",
    "主送单位",
    "标题",
    "发文日期",
    "快递单号",
    "份数",
    "回复期限",
    "回复日期",
    "对方回复",
]


def sent(*rows_of_table):
    return table(SENT, *rows_of_table)


def test_letters_of_the_old_register_are_sent_already(cast, client_as):
    soon = str(now().date() + timedelta(days=9))
    data = sent(
        ["江销〔2026〕7号", "函", "开发商", "江城置业", "关于佣金结算的函", "2026.3.5", "SF1234567890123", "2", "2026.3.20", "2026.3.12", "同意"],
        ["", "通知书", "业主", "王伟", "签约通知", "2026-3-6", "", "", soon, "", ""], ["", "传真", "银行", "建行", "放款名单", "20260307", "", "1", "", "", ""],
    )  # fmt: skip
    way = bring(client_as("clerk"), "outgoing-letter", data).check()
    assert "3 行新增" in plain(way.preview), plain(way.preview)
    way.confirm()
    answered, waited, done = rows(cast, OutgoingLetter)
    assert (answered.number, answered.state, answered.answered_on, answered.outcome, answered.express_no, answered.copies) == (
        "江销〔2026〕7号", OutgoingState.ANSWERED, date(2026, 3, 12), "同意", "SF1234567890123", 2,
    )  # fmt: skip
    assert (waited.state, waited.number[:8], waited.sent_on) == (OutgoingState.SENT, "FW-JPYL-", date(2026, 3, 6))
    assert done.state is OutgoingState.DONE
    page = plain(client_as("supervisor").get(f"/outgoing-letter/show/{answered.id}").get_data(as_text=True))
    assert "旧簿登记" in page, "whoever reads it sees that nobody reviewed it here"
    again = bring(client_as("clerk"), "outgoing-letter", data).check()
    assert "0 行新增，3 条已存在且一致" in plain(again.preview), plain(again.preview)


@pytest.mark.parametrize(
    ("number", "sent_on", "answered", "words"),
    [
        ("", 1, "", "发出日期不能晚于今天；还没发出的请在系统里起草送审"), ("", -3, -5, "收到回复的日期应在发出日期和今天之间"),
        ("", -3, 1, "收到回复的日期应在发出日期和今天之间"), ("FW-JPYL-2026-0001", -3, "", "是系统的发文号样式"),
    ],
)  # fmt: skip
def test_what_no_old_letter_says(cast, client_as, number, sent_on, answered, words):
    day = now().date()
    told = "" if answered == "" else str(day + timedelta(days=answered))
    row = [number, "函", "甲方", "江城置业", "函", str(day + timedelta(days=sent_on)), "", "", "", told, ""]
    way = bring(client_as("clerk"), "outgoing-letter", sent(row)).check()
    assert words in plain(way.preview), plain(way.preview)


def test_the_old_register_is_the_desks(client_as):
    assert client_as("supervisor").get("/import/outgoing-letter").status_code == 403
