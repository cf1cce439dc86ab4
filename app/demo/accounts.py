"""The accounts of the demo world; all share one password, which a production start refuses (01 «Who uses it»)."""

from __future__ import annotations

from typing import NamedTuple

from app.kernel.posts import Post

PASSWORD = "anchang-demo"  # noqa: S105  (public on purpose; `./anchang serve` refuses accounts that have it)


class Account(NamedTuple):
    """username; the person's name as family and given name; the post."""

    username: str
    family: str
    given: str
    post: Post


ACCOUNTS = (
    Account("consultant1", "林", "晓彤", Post.CONSULTANT),
    Account("consultant2", "赵", "一鸣", Post.CONSULTANT),
    Account("assistant", "孙", "佳宁", Post.ASSISTANT),
    Account("supervisor", "周", "建国", Post.SUPERVISOR),
    Account("supervisor2", "吴", "静", Post.SUPERVISOR),
    Account("site_manager", "郑", "海涛", Post.SITE_MANAGER),
    Account("clerk", "冯", "雨欣", Post.CLERK),
    Account("contract_officer", "陈", "立", Post.CONTRACT_OFFICER),
    Account("channel_officer", "褚", "明", Post.CHANNEL_OFFICER),
    Account("project_manager", "卫", "东", Post.PROJECT_MANAGER),
    Account("sales_admin", "蒋", "丽华", Post.SALES_ADMIN),
    Account("marketing", "沈", "悦", Post.MARKETING),
    Account("finance", "韩", "梅", Post.FINANCE),
    Account("administration", "杨", "帆", Post.ADMINISTRATION),
    Account("general_manager", "朱", "永年", Post.GENERAL_MANAGER),
    Account("developer_site", "秦", "岚", Post.DEVELOPER_SITE),
    Account("developer_finance", "尤", "敏", Post.DEVELOPER_FINANCE),
    Account("developer_marketing", "许", "诺", Post.DEVELOPER_MARKETING),
    Account("developer_service", "何", "苗", Post.DEVELOPER_SERVICE),
    Account("developer_legal", "吕", "正", Post.DEVELOPER_LEGAL),
    Account("developer_lead", "施", "国栋", Post.DEVELOPER_LEAD),
    Account("auditor", "张", "慎", Post.AUDITOR),
    Account("admin", "孔", "维", Post.ADMIN),
    Account("other_lead", "曹", "德胜", Post.DEVELOPER_LEAD),
    Account("other_consultant", "严", "冬", Post.CONSULTANT),
)
