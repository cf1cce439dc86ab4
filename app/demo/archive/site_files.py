"""现场文件 by category: what a site keeps beside its households; a sheet of visitors is past its years."""

from __future__ import annotations

from typing import Any

from app.demo.archive.making import entered, scan, step
from app.demo.world import World
from app.features.archive.models import Medium, Retention
from app.features.archive.site_files.models import SiteCategory, SiteFile
from app.kernel.workflow import fire

RULES, LETTERS, REPORTS, MINUTES = SiteCategory.RULES, SiteCategory.LETTERS, SiteCategory.REPORTS, SiteCategory.MINUTES
SURVEYS, SAMPLES, AGREEMENTS, OTHER = (
    SiteCategory.SURVEYS,
    SiteCategory.SAMPLES,
    SiteCategory.AGREEMENTS,
    SiteCategory.OTHER,
)

# category, title, from, days ago, copies, pages
FILES: tuple[tuple[SiteCategory, str, str, int, int, int], ...] = (
    (AGREEMENTS, "江畔云庐代理销售合同", "江城置业有限公司", 290, 2, 18),
    (AGREEMENTS, "户外广告发布合同（滨江大道）", "江城传媒有限公司", 205, 2, 6),
    (AGREEMENTS, "案场保洁服务合同", "洁净物业服务有限公司", 180, 2, 5),
    (RULES, "案场考勤和着装规定", "销管部", 260, 1, 3),
    (SAMPLES, "江畔云庐楼书（第 2 版）", "市场部", 150, 5, 32),
    (SAMPLES, "三号楼户型单页", "市场部", 88, 20, 1),
    (SURVEYS, "滨江板块竞品调研报告", "市场部", 64, 1, 14),
    (SURVEYS, "成交客户问卷汇总", "销售主管", 35, 1, 8),
    (MINUTES, "月度销售例会纪要", "销售主管", 40, 1, 4),
    (MINUTES, "月度销售例会纪要", "销售主管", 10, 1, 4),
    (REPORTS, "月度销售总结", "销售主管", 24, 1, 9),
    (REPORTS, "第 46 周周报", "销售主管", 8, 1, 5),
    (LETTERS, "甲方关于调整二号楼价格的批复", "江城置业有限公司", 4, 1, 2),
)
PAST = 740  # days ago: longer than visitors' data may be kept


def load(session: Any, world: World) -> None:
    """Filed in their time; the contract with 甲方 is scanned and sealed."""
    for number, (category, title, sender, ago, copies, pages) in enumerate(FILES):
        made = _filed(session, world, SiteFile(
            project_id=world.projects["JPYL"].id, category=category, year=world.day(ago).year, title=title, received_from=sender,
            copies=copies, pages=pages, received_on=world.day(ago), box=f"现{number // 4 + 1:02d}", shelf="4 柜 1 层",
            retention=Retention.CONTRACT if category is AGREEMENTS else Retention.ORDINARY,
        ), ago)  # fmt: skip
        world.kept[title] = made
    contract = world.kept["江畔云庐代理销售合同"]
    scan(session, world, "clerk", world.at(200, 16), contract, "代理销售合同.jpg")
    step(session, world, "clerk", world.at(200, 16, 20), contract, "seal")
    _due_for_destruction(session, world)


def _filed(session: Any, world: World, paper: SiteFile, ago: int, login: str = "clerk") -> SiteFile:
    who = world.actor(login)
    made: SiteFile = entered(
        session, world, login, world.at(ago, 16, 40), paper, lambda one: fire(session, one, "file", who, internal=True)
    )
    return made


def _due_for_destruction(session: Any, world: World) -> None:
    """Brought along from the site's first months: one list may go, of another the destruction waits for the supervisor."""
    for title in ("未成交来访登记表（蓄客期第一册）", "未成交来访登记表（蓄客期第二册）"):
        made = _filed(session, world, SiteFile(
            project_id=world.projects["JPYL"].id, category=OTHER, year=world.day(PAST).year, title=title, received_from="销售主管",
            received_on=world.day(PAST), pages=60, box="现09", shelf="5 柜 2 层", retention=Retention.VISITOR, medium=Medium.ORIGINAL,
        ), 200)  # fmt: skip
        world.kept[title] = made
    step(
        session,
        world,
        "clerk",
        world.at(1, 16),
        world.kept["未成交来访登记表（蓄客期第一册）"],
        "ask_destroy",
        note="保管期满，按规定销毁",
    )
