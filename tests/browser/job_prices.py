"""The main job, first half: an imported price list becomes homes on sale."""

from __future__ import annotations

from pathlib import Path

from app.kernel.base import now
from tests.browser.desks import Desks, act, choose, decide, fill, menu, press, sees, submit, take
from tests.kernel.biff_file import xls

# what a register gives: every cell a text, 单元 in three notations, rooms long and short, floors downward, stray blanks
HEAD = ["楼栋", "单元", "楼层", "房号", "预售单价", "建筑面积", "户内面积"]
HOMES = [
    ["9栋", "1单元", "3", "301", "13000.00", "89.53", "70.12"],
    ["9栋", "一单元", "3", "302 ", "13050.50", "128.60", "101.20"],
    ["9栋", "1单元", "2", "02", "12900.00", "128.60", "101.20"],
    ["9栋", "1单元", "2", "201", "12,900.00", "89.53", "70.12"],
    ["10栋", "--", "2", "01", "9000.00", "60.00", "50.00"],
    ["10栋", "", "3", "01", "9100.00", "60.00", "50.00"],
]
EXPECTED = {"套数": "6", "建筑面积合计（㎡）": "556.26", "套内面积合计（㎡）": "442.64"}


def import_homes(desks: Desks) -> None:
    """CLK: file → columns → sums → one click; SM approves the entry."""
    page = desks.at("clerk")
    menu(page, "房源", "导入房源")
    file = {"name": "一房一价.xls", "mimeType": "application/vnd.ms-excel", "buffer": xls([HEAD, *HOMES])}
    page.locator("main").locator("input[type=file]:not([capture])").set_input_files(file)
    press(page, "读取文件")
    fill(page, **EXPECTED)
    desks.snap("import-columns", page)
    press(page, "核对数据")
    sees(page, "6 行全部可以导入")
    desks.snap("import-sums", page)
    press(page, "导入 6 行")
    sees(page, "6 套新增，0 套已存在且一致")
    decide(desks.at("site_manager"), "导入 6 套", desks=desks, name="approve-entry")


def cover_by_permit(desks: Desks, number: str) -> None:
    """CLK gives the permit to the building; SM approves."""
    page = desks.at("clerk")
    menu(page, "房源", "房源一览")
    press(page, "批量设置")
    fill(page, 楼栋="9栋")
    choose(page, "预售证/现售备案", number)
    press(page, "提交核准")
    sees(page, "已提交案场经理核准")
    decide(desks.at("site_manager"), "修改 4 套")


def price_homes(desks: Desks) -> None:
    """SM makes a 价目表 by rule; PM, JFS and JFL approve it, it is in force at once."""
    page = desks.at("site_manager")
    menu(page, "房源", "价目表")
    press(page, "新增价目表")
    fill(page, 版本名称="9栋首期价目表", 生效日期=now().date().isoformat(), 调价说明="首次定价")
    press(page, "保存")
    rule = {"楼栋": "9栋", "基准表价": "12800", "基准楼层": "3", "每高一层加": "50", "底价低于表价": "900"}
    take(page, "按规则生成", **rule)
    sees(page, "共 4 套")
    desks.snap("price-list", page)
    submit(page, "提交审批")
    for login in ("project_manager", "developer_site", "developer_lead"):
        decide(desks.at(login), "9栋首期价目表")
    page.reload()
    sees(page, "已生效")


def release_homes(desks: Desks) -> None:
    """SUP prepares the 推盘批次; SM, PM and JFS agree; the four homes are on sale."""
    page = desks.at("supervisor")
    menu(page, "房源", "推盘批次")
    press(page, "新增推盘批次")
    fill(page, 批次名称="9栋首推", 计划推出日=now().date().isoformat())
    press(page, "保存")
    take(page, "选入房源", 楼栋="9栋")
    desks.snap("release", page)
    submit(page, "提交审批")
    for login in ("site_manager", "project_manager", "developer_site"):
        decide(desks.at(login), "9栋首推")


def open_board(desks: Desks, login: str) -> None:
    """Somebody looks at the board of 9栋."""
    page = desks.at(login)
    menu(page, "房源", "销控表")
    act(page, "9栋").click()
    sees(page, "9栋 销控表")


def units_exported(desks: Desks, folder: Path) -> Path:
    """SUP searches the four homes and takes the list along; the path of the .xlsx."""
    page = desks.at("supervisor")
    menu(page, "房源", "房源一览")
    page.get_by_role("search", name="筛选 房源一览").get_by_label("楼栋").select_option(label="9栋")
    sees(page, "共 4 条")
    with page.expect_download() as waiting:
        act(page, "导出").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path
