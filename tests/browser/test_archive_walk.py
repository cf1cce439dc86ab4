"""The clerk's archive in a real browser: takes a paper in, finds and lends it, registers a letter."""

from __future__ import annotations

import pytest

from tests.browser.desks import act, choose, decide, fill, open_row, pick, press, sees, submit, take
from tests.features.archive import files as f

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_paper_is_filed_found_and_lent_and_a_letter_registered(cast, server, desks):
    folder = f.household(cast)
    folder_id = folder.id
    cast.session.remove()
    clerk = desks.at("clerk")

    clerk.goto(f"{server.url}/folder/show/{folder_id}")
    sees(clerk, "还缺 2 种")
    clerk.locator("main").get_by_role("link", name="身份证明复印件").click()
    choose(clerk, "原件/复印", "复印件")
    press(clerk, "保存")
    sees(clerk, "在库")

    clerk.goto(f"{server.url}/archive/")
    clerk.locator("main").get_by_role("searchbox").fill("wangwei")
    clerk.locator("main").get_by_role("searchbox").press("Enter")
    open_row(clerk, "身份证明复印件")
    act(clerk, "借阅").click()
    pick(clerk, "借阅人", "林晓")
    fill(clerk, 用途="客户办理落户")
    press(clerk, "保存")
    submit(clerk, "提交审批")
    decide(desks.at("supervisor"), "身份证明复印件")
    clerk.reload()
    take(clerk, "借出", 领取签收人="林晓")
    clerk.goto(f"{server.url}/archive/?where=lent")
    sees(clerk, "身份证明复印件")

    clerk.goto(f"{server.url}/incoming-letter/add")
    choose(clerk, "来自", "甲方")
    fill(clerk, 来文单位="江城置业有限公司", 事由="关于交付时间的函")
    press(clerk, "保存")
    sees(clerk, "LW-JPYL-")
