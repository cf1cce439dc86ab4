"""Companies, projects, permits, teams, people with accounts, calendars, parameters, two delegations."""

from __future__ import annotations

from typing import Any

from app.demo.accounts import ACCOUNTS, COMPANY, PASSWORD, Account
from app.demo.world import World, travel
from app.features.organisation.calendars import seed_calendar
from app.features.organisation.effects import appoint, open_account
from app.features.organisation.models import (
    Company,
    CompanyKind,
    Delegation,
    JobDescription,
    Parameter,
    Permit,
    PermitKind,
    Person,
    PostName,
    Project,
    SalesStage,
    Team,
)
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, requests_of
from app.kernel.errors import RuleError
from app.kernel.posts import POSTS, Post, Side
from app.kernel.transactions import write
from app.kernel.workflow import fire

SINCE = 400  # days ago: everybody was there before the opening
OPENED = 270  # on sale for nine months
ESCROW_A, ESCROW_B = "3200 0000 0010 0001", "3200 0000 0020 0001"
PERMITS = (
    # short name, project, kind, number, issued days ago, what it covers
    ("first", "JPYL", PermitKind.COMPLETED, "江房现备字第0107号", 300, "1栋"),
    ("main", "JPYL", PermitKind.PRESALE, "江预售字第0215号", 285, "2栋、3栋1—16层、商铺、车位"),
    ("third", "JPYL", PermitKind.PRESALE, "江预售字第0362号", 95, "5栋、6栋、7栋"),
    ("top", "JPYL", PermitKind.PRESALE, "江预售字第0418号", 12, "3栋17—18层"),
    ("other", "CH1", PermitKind.PRESALE, "江预售字第0233号", 240, "1栋、2栋"),
)
SETTINGS = (
    # project or all, key, value, since days ago, why
    (None, "lock_minutes", "30", SINCE, "公司统一规定"),
    ("JPYL", "sign_due_days", "10", OPENED, "开盘期签约集中"),
    ("JPYL", "sign_due_days", "7", 60, "恢复常规"),
    ("JPYL", "con_self_lock", "是", OPENED, "开盘后放开"),
    ("CH1", "contract_mode", "B", 240, "当地先签后备"),
)


def load(session: Any, world: World) -> None:
    """The first chapter: everything that the others stand on."""
    with travel(world.at(SINCE, 9)):
        write(session, lambda: _companies_and_projects(session, world))
        write(session, lambda: _staff(session, world))
        _calendars(session, world)
    write(session, lambda: _settings(session, world))
    _delegations(session, world)


def _companies_and_projects(session: Any, world: World) -> None:
    agency = Company(name="安居房地产顾问有限公司", kind=CompanyKind.AGENCY, address="江城市滨江大道 8 号")
    river = Company(name="江城置业有限公司", kind=CompanyKind.DEVELOPER, address="江城市江畔路 1 号")
    lake = Company(name="翠湖地产有限公司", kind=CompanyKind.DEVELOPER, address="江城市翠湖路 6 号")
    world.kept["agency"] = agency
    world.projects["JPYL"] = Project(
        name="江畔云庐", code="JPYL", agency=agency, developer=river, stage=SalesStage.STRONG, opened_on=world.day(OPENED),
        handover_on=world.day(-420), property_company="江畔物业服务有限公司", escrow_bank="江城银行滨江支行",
        escrow_account=ESCROW_A, address="江城市江畔路 1 号",
    )  # fmt: skip
    world.projects["CH1"] = Project(
        name="翠湖壹号", code="CH1", agency=agency, developer=lake, stage=SalesStage.STEADY, opened_on=world.day(220),
        handover_on=world.day(-300), property_company="翠湖物业服务有限公司", escrow_bank="江城银行翠湖支行",
        escrow_account=ESCROW_B, address="江城市翠湖路 6 号",
    )  # fmt: skip
    session.add_all(world.projects.values())
    for code, name in (("JPYL", "一组"), ("JPYL", "二组"), ("CH1", "一组")):
        world.teams[code, name] = Team(project=world.projects[code], name=name)
    for short, code, kind, number, ago, scope in PERMITS:
        world.permits[short] = Permit(
            project=world.projects[code], kind=kind, number=number, issued_on=world.day(ago), scope=scope,
            escrow_account=ESCROW_A if code == "JPYL" else ESCROW_B,
        )  # fmt: skip
    session.add_all([*world.teams.values(), *world.permits.values()])
    session.flush()


def _staff(session: Any, world: World) -> None:
    for number, account in enumerate(ACCOUNTS):
        _hire(session, world, account, number)


def _hire(session: Any, world: World, account: Account, number: int) -> None:
    """One person, his account and his post."""
    project = world.projects.get(account.project)
    developers = POSTS[account.post].side is Side.DEVELOPER
    employer = project.developer if developers and project is not None else world.kept["agency"]
    person = Person(
        name=account.name,
        company=employer,
        phone=f"105{26_000_000 + 137 * number:08d}",
        hired_on=world.day(SINCE),
        demo=True,
    )
    session.add(person)
    session.flush()
    world.people[account.username] = person
    job = {"supervisor2": JobDescription.S2}.get(account.username, JobDescription.S1)
    appoint(
        session, person, account.post, project if account.project != COMPANY else None, since=world.day(SINCE),
        team=world.teams.get((account.project, account.team)),
        job_description=job if account.post is Post.SUPERVISOR else None,
    )  # fmt: skip
    open_account(session, person, account.username, PASSWORD, must_change=False, exempt=True)


def _calendars(session: Any, world: World) -> None:
    """This year and its neighbours as far as their holidays are published; other days follow the week."""
    for year in (world.today.year - 1, world.today.year, world.today.year + 1):
        try:
            seed_calendar(session, year)
        except RuleError:  # not published yet: nothing to enter
            continue


def _settings(session: Any, world: World) -> None:
    for code, key, value, ago, why in SETTINGS:
        with travel(world.at(ago, 9)):
            session.add(
                Parameter(
                    project_id=world.projects[code].id if code else None, key=key, value=value, effective_from=world.day(ago),
                    note=why, created_by=world.people["sales_admin"].id,
                )
            )  # fmt: skip
            session.flush()


def _delegations(session: Any, world: World) -> None:
    """周敏 stands in for 吴越 from tomorrow; 陆一鸣's request still waits for 沈国栋."""
    paper = _ask(session, world, "site_manager", "supervisor", Post.SITE_MANAGER, days=(-1, -3), why="参加集团营销会议")
    with world.acting("project_manager", world.at(1, 16, 20)) as decider:
        request = requests_of(session, paper)[-1]
        station = current_step(request)
        decide(session, request.id, station.id if station else 0, decider, "approve", "同意，销控核对照常上报。")
    _ask(
        session, world, "developer_site", "developer_marketing", Post.DEVELOPER_SITE, days=(-5, -6), why="外出考察工地"
    )


def _ask(
    session: Any, world: World, absent: str, deputy: str, post: Post, *, days: tuple[int, int], why: str
) -> Delegation:
    with world.acting(absent, world.at(1, 15, 5)) as who:
        paper = Delegation(
            absent_id=who.person_id, deputy_id=world.people[deputy].id, post=PostName[post.name],
            project_id=world.projects["JPYL"].id, since=world.day(days[0]), until=world.day(days[1]), reason=why,
        )  # fmt: skip

        def write_it() -> None:
            session.add(paper)
            session.flush()

        write(session, write_it)
        fire(session, paper, "submit", who)
    return paper
