"""The main job by its screens only: an imported price list, a sale with a concession, a signed contract, the list in Excel.

Everybody sits at a browser of his own, before a server of two processes; what a page complains about fails the test.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.browser import job_deal, job_prices
from tests.features.deals.orders import scheme
from tests.features.units.makers import permit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def test_from_the_imported_list_to_the_signed_contract(cast, desks, tmp_path):
    permit(cast)
    scheme(cast)
    cast.session.remove()
    job_prices.import_homes(desks)
    job_prices.cover_by_permit(desks, "预售 2026-058")
    job_prices.price_homes(desks)
    job_prices.release_homes(desks)

    job_prices.open_board(desks, "consultant2")
    onlooker = desks.at("consultant2")
    onlooker.evaluate("window.still = true")
    cell = onlooker.get_by_role("button", name="1单元301")
    expect(cell).to_have_attribute("data-code", "free")

    job_deal.register_visit(desks, "王伟", "10000001234")
    job_deal.lock_home(desks, "王伟")
    expect(cell).to_have_attribute("data-code", "lock")
    job_deal.fill_order(desks, "王伟")
    job_deal.ask_concession(desks)
    job_deal.submit_order(desks)
    job_deal.take_money(desks, "定金", "20000", "TT-0001")
    expect(cell).to_have_attribute("data-code", "order")
    job_deal.sign_contract(desks)
    expect(cell).to_have_attribute("data-code", "sign")
    assert onlooker.evaluate("window.still") is True  # it never loaded anew

    check_export(job_prices.units_exported(desks, tmp_path))


def check_export(path: Path) -> None:
    """Every cell of the four homes as it stands on the screen, numbers as numbers."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    head = next(i for i, row in enumerate(rows) if "全名" in row)
    columns = [c for c in rows[head] if c]
    homes = {row[0]: dict(zip(columns, row, strict=False)) for row in rows[head + 1 :] if str(row[0]).startswith("9栋")}
    wanted = {
        "9栋1单元301": (89.53, 70.12, 12800.0, 1145984.0, 1163890.0, "签约"),
        "9栋1单元302": (128.6, 101.2, 12800.0, 1646080.0, 1678294.3, "可售"),
        "9栋1单元202": (128.6, 101.2, 12750.0, 1639650.0, 1658940.0, "可售"),
        "9栋1单元201": (89.53, 70.12, 12750.0, 1141507.5, 1154937.0, "可售"),
    }
    assert set(homes) == set(wanted)
    for name, (area, inner, price, total, filed, state) in wanted.items():
        assert homes[name] == {
            "全名": name, "楼栋": "9栋", "户型": "", "建筑面积（㎡）": area, "套内面积（㎡）": inner, "表价单价（元/㎡）": price, "表价总价（元）": total,
            "备案总价（元）": filed, "推盘批次": "9栋首推", "资料已核准": "是", "停售": "否", "销控状态": state,
        }  # fmt: skip
    sums = next(row for row in rows if str(row[0]).startswith("合计"))
    assert sums[columns.index("建筑面积（㎡）")] == pytest.approx(436.26)
    assert sums[columns.index("表价总价（元）")] == 5573221.5
