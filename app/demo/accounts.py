"""The people of the demo world and their accounts; all share one password, which a production start refuses (01)."""

from __future__ import annotations

from typing import NamedTuple

from app.kernel.posts import Post

PASSWORD = "anchang-demo"  # noqa: S105  (public on purpose; `./anchang serve` refuses accounts that have it)
A, B, COMPANY = "JPYL", "CH1", ""
FIRST, SECOND, ALL = "一组", "二组", ""


class Account(NamedTuple):
    """username; the person's name; the post; the project's code («» = company-wide); the team («» = 全案场)."""

    username: str
    name: str
    post: Post
    project: str = A
    team: str = ALL


ACCOUNTS = (
    Account("consultant1", "林晓", Post.CONSULTANT, A, FIRST),
    Account("consultant2", "何涛", Post.CONSULTANT, A, SECOND),
    Account("consultant3", "陈佳", Post.CONSULTANT, A, FIRST),
    Account("consultant4", "罗文", Post.CONSULTANT, A, SECOND),
    Account("assistant", "孙倩", Post.ASSISTANT, A, FIRST),
    Account("supervisor", "周敏", Post.SUPERVISOR),
    Account("supervisor2", "高远", Post.SUPERVISOR, A, SECOND),
    Account("site_manager", "吴越", Post.SITE_MANAGER),
    Account("clerk", "方芳", Post.CLERK),
    Account("contract_officer", "许静", Post.CONTRACT_OFFICER),
    Account("channel_officer", "冯凯", Post.CHANNEL_OFFICER),
    Account("project_manager", "谭明", Post.PROJECT_MANAGER),
    Account("sales_admin", "蒋莉", Post.SALES_ADMIN, COMPANY),
    Account("marketing", "沈悦", Post.MARKETING),
    Account("finance", "韩梅", Post.FINANCE, COMPANY),
    Account("administration", "杨帆", Post.ADMINISTRATION, COMPANY),
    Account("general_manager", "朱永年", Post.GENERAL_MANAGER, COMPANY),
    Account("developer_site", "陆一鸣", Post.DEVELOPER_SITE),
    Account("developer_finance", "宋岚", Post.DEVELOPER_FINANCE),
    Account("developer_finance2", "尤佳", Post.DEVELOPER_FINANCE),
    Account("developer_marketing", "许诺", Post.DEVELOPER_MARKETING),
    Account("developer_service", "何苗", Post.DEVELOPER_SERVICE),
    Account("developer_legal", "吕正", Post.DEVELOPER_LEGAL),
    Account("developer_lead", "沈国栋", Post.DEVELOPER_LEAD),
    Account("auditor", "张慎", Post.AUDITOR, COMPANY),
    Account("admin", "孔维", Post.ADMIN, COMPANY),
    Account("other_consultant", "严冬", Post.CONSULTANT, B, FIRST),
    Account("other_supervisor", "曹颖", Post.SUPERVISOR, B),
    Account("other_site_manager", "潘磊", Post.SITE_MANAGER, B),
    Account("other_project_manager", "秦峰", Post.PROJECT_MANAGER, B),
    Account("other_clerk", "田甜", Post.CLERK, B),
    Account("other_contract_officer", "邓莹", Post.CONTRACT_OFFICER, B),
    Account("other_site", "石磊", Post.DEVELOPER_SITE, B),
    Account("other_finance", "董洁", Post.DEVELOPER_FINANCE, B),
    Account("other_lead", "曹德胜", Post.DEVELOPER_LEAD, B),
)
