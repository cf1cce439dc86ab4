"""Which icon of our sprite stands before an entry of the side menu."""

from __future__ import annotations

# Groups by a word in their name, the first that fits; matched, never shown.
GROUPS = (
    ("客户", "users"), ("轮接", "swap"), ("归属", "link"), ("信息", "shield"),
    ("投诉", "chat"), ("服务", "star"), ("房源", "building"), ("销控", "grid"), ("价", "target"), ("交易", "file"), ("签约", "edit"), ("收款", "coin"), ("账务", "cols"),
    ("回款", "coin"), ("交楼", "key"), ("佣金", "wallet"), ("结算", "wallet"), ("费用", "wallet"), ("计划", "target"), ("人员", "cal"),
    ("考勤", "cal"), ("市场", "mega"), ("推广", "mega"), ("档案", "arch"), ("会议", "chat"), ("办公", "box"), ("行政", "box"),
    ("协作", "link"), ("联络", "link"), ("工作", "check"), ("报表", "chart"), ("分析", "chart"), ("职责", "check"), ("组织", "swap"),
    ("权限", "shield"), ("审计", "shield"), ("安全", "shield"), ("设置", "cog"), ("Settings", "cog"), ("系统", "cog"),
)  # fmt: skip
FRAMEWORK = {
    "fa-users": "users",
    "fa-user": "user",
    "fa-group": "users",
    "fa-cogs": "cog",
    "fa-cog": "cog",
    "fa-chart-bar": "chart",
}


def icon_of(name: str, given: str, *, group: bool) -> str:
    """The icon of an entry in our sprite: the given one, for a group else the one of its name, for the framework's own entries the one that is like it."""
    if given and not given.startswith("fa-"):
        return given
    by_name = next((icon for word, icon in GROUPS if word in name), "") if group else ""
    return by_name or FRAMEWORK.get(given, "file")
