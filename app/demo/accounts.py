"""The accounts of the demo world; all share one password, which a production start refuses (01 «Who uses it»)."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "anchang-demo"  # noqa: S105  (public on purpose; `./anchang serve` refuses accounts that have it)


class Account(NamedTuple):
    """username; the person's name as family and given name; the post's label."""

    username: str
    family: str
    given: str
    post: str


ACCOUNTS = (
    Account("consultant1", "林", "晓彤", "置业顾问"),
    Account("consultant2", "赵", "一鸣", "置业顾问"),
    Account("assistant", "孙", "佳宁", "销售主管助理"),
    Account("supervisor", "周", "建国", "销售主管"),
    Account("supervisor2", "吴", "静", "销售主管"),
    Account("site_manager", "郑", "海涛", "案场经理"),
    Account("clerk", "冯", "雨欣", "案场文员"),
    Account("contract_officer", "陈", "立", "签约按揭专员"),
    Account("channel_officer", "褚", "明", "渠道专员"),
    Account("project_manager", "卫", "东", "项目经理"),
    Account("sales_admin", "蒋", "丽华", "销管部"),
    Account("marketing", "沈", "悦", "市场部"),
    Account("finance", "韩", "梅", "财务部"),
    Account("administration", "杨", "帆", "行政部"),
    Account("general_manager", "朱", "永年", "总经理"),
    Account("developer_site", "秦", "岚", "甲方现场销售负责人"),
    Account("developer_finance", "尤", "敏", "甲方财务"),
    Account("developer_marketing", "许", "诺", "甲方营销策划部"),
    Account("developer_service", "何", "苗", "甲方客服"),
    Account("developer_legal", "吕", "正", "甲方法务"),
    Account("developer_lead", "施", "国栋", "甲方负责人"),
    Account("auditor", "张", "慎", "审计"),
    Account("admin", "孔", "维", "系统管理员"),
    Account("other_lead", "曹", "德胜", "甲方负责人"),
    Account("other_consultant", "严", "冬", "置业顾问"),
)
