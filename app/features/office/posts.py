"""Who does what in this room (07 «办公用品 设备», «费用»)."""

from __future__ import annotations

from app.kernel.posts import AGENCY_POSTS, Post

KEEPERS = frozenset({Post.CLERK, Post.ADMINISTRATION})  # they keep the store and the equipment
STAFF = AGENCY_POSTS  # whoever may receive something, and file an expense of the agency
EXPORTERS = frozenset(
    {
        Post.CLERK, Post.ADMINISTRATION, Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN,
        Post.GENERAL_MANAGER, Post.FINANCE,
    }
)  # fmt: skip

# One ladder for what costs the agency money: 采购申请 and 费用 alike (07 «费用 borne by the agency»), yuan.
SPENDING_CHAIN = "销售主管 500\n案场经理 2000\n项目经理 10000\n总经理 不限"
