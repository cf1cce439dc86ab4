"""Pictures of docs/users/excel.md: a table of 甲方财务 comes in, customers go out.

Start `./anchang demo --reset --data FOLDER --port PORT` first; then, in the project's folder:
    python -m tests.browser.excel_shots http://127.0.0.1:PORT
"""

from __future__ import annotations

import re
import sys

from tests.bench.browser import started_chromium
from tests.browser.desks import Desks, box
from tests.browser.guide_shots import Photographer
from tests.tables import table

HEAD = ["房间", "名目", "本次收款", "收款日期", "结算方式", "银行流水号", "交款人", "经办"]


def rooms(desks: Desks) -> list[str]:
    """Rooms whose orders take money."""
    page = desks.at("clerk")
    page.goto(f"{desks.url}/order-account/list/")
    return [text.split(" ")[0] for text in page.locator("tbody td.hd").all_inner_texts()][:4]


def bring(desks: Desks, data: bytes, sender: str) -> None:
    """The first page of an import."""
    page = desks.at("clerk")
    page.goto(f"{desks.url}/import/receipt")
    page.set_input_files(
        "input[type=file]:not([capture])",
        {"name": "甲方收款明细.xlsx", "mimeType": "application/octet-stream", "buffer": data},
    )
    box(page, "谁给的表").fill(sender)


def walk(desks: Desks) -> None:
    """Upload, columns, faults, the good table, the result; then the question before customers go out."""
    names, page = rooms(desks), desks.at("clerk")
    day = "2026.11.20"
    good = [[room, "楼款", f"{n + 1}万", day, "转账", f"KT{n:08d}", "", "小李"] for n, room in enumerate(names)]
    bad = [
        ["9栋9999", "楼款", "1000", day, "转账", "KT1", "", ""],
        [names[0], "押金", "一万", day, "转账", "KT2", "", ""],
    ]
    bring(desks, table(["江畔云庐收款明细"], HEAD, *good, *bad), "甲方财务部")
    desks.snap("excel-upload", page)
    page.get_by_role("button", name="读取文件").click()
    page.locator("select[name=s0c1]").select_option("kind")
    desks.snap("excel-columns", page)
    page.get_by_role("button", name="核对数据").click()
    desks.snap("excel-faults", page)
    bring(desks, table(["江畔云庐收款明细"], HEAD, *good, ["合计", "", "10万"]), "甲方财务部")
    page.get_by_role("button", name="读取文件").click()
    page.get_by_role("button", name="核对数据").click()
    desks.snap("excel-check", page)
    page.get_by_role("button", name=re.compile("导入 .* 行")).click()
    desks.snap("excel-done", page)
    page.goto(f"{desks.url}/customer/list/export")
    desks.snap("excel-export", page)
    manager = desks.at("site_manager")
    manager.goto(f"{desks.url}/tasks")
    desks.snap("excel-tasks", manager)


def main(url: str) -> None:
    """url: the running demo."""
    with started_chromium() as chromium:
        desks = Photographer(chromium, url)
        walk(desks)
        desks.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
