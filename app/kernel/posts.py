"""The posts (岗位) of a sales site as its org chart (02 §2.1). Names only; who may do what is declared beside each paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Whose people they are: the agency (代理公司), the developer (甲方), or neither."""

    AGENCY = "agency"
    DEVELOPER = "developer"
    NEUTRAL = "neutral"


class Post(StrEnum):
    """A post; the value is its code in the database and in the grants."""

    CONSULTANT = "consultant"
    ASSISTANT = "assistant"
    CLERK = "clerk"
    CONTRACT_OFFICER = "contract_officer"
    CHANNEL_OFFICER = "channel_officer"
    SUPERVISOR = "supervisor"
    SITE_MANAGER = "site_manager"
    PROJECT_MANAGER = "project_manager"
    SALES_ADMIN = "sales_admin"
    MARKETING = "marketing"
    FINANCE = "finance"
    ADMINISTRATION = "administration"
    GENERAL_MANAGER = "general_manager"
    DEVELOPER_SITE = "developer_site"
    DEVELOPER_FINANCE = "developer_finance"
    DEVELOPER_MARKETING = "developer_marketing"
    DEVELOPER_SERVICE = "developer_service"
    DEVELOPER_LEGAL = "developer_legal"
    DEVELOPER_LEAD = "developer_lead"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class PostFacts:
    """Chinese name, side, and whether the post is given for the whole company instead of one project."""

    label: str
    side: Side
    company_wide: bool = False


_A, _D, _N = Side.AGENCY, Side.DEVELOPER, Side.NEUTRAL
POSTS: dict[Post, PostFacts] = {
    Post.CONSULTANT: PostFacts("置业顾问", _A),
    Post.ASSISTANT: PostFacts("销售主管助理", _A),
    Post.CLERK: PostFacts("案场文员", _A),
    Post.CONTRACT_OFFICER: PostFacts("签约按揭专员", _A),
    Post.CHANNEL_OFFICER: PostFacts("渠道专员", _A),
    Post.SUPERVISOR: PostFacts("销售主管", _A),
    Post.SITE_MANAGER: PostFacts("案场经理", _A),
    Post.PROJECT_MANAGER: PostFacts("项目经理", _A),
    Post.SALES_ADMIN: PostFacts("销管部", _A, company_wide=True),
    Post.MARKETING: PostFacts("市场部", _A),
    Post.FINANCE: PostFacts("财务部", _A, company_wide=True),
    Post.ADMINISTRATION: PostFacts("行政部", _A, company_wide=True),
    Post.GENERAL_MANAGER: PostFacts("总经理", _A, company_wide=True),
    Post.DEVELOPER_SITE: PostFacts("甲方现场负责人", _D),
    Post.DEVELOPER_FINANCE: PostFacts("甲方财务", _D),
    Post.DEVELOPER_MARKETING: PostFacts("甲方营销策划部", _D),
    Post.DEVELOPER_SERVICE: PostFacts("甲方客服", _D),
    Post.DEVELOPER_LEGAL: PostFacts("甲方法务", _D),
    Post.DEVELOPER_LEAD: PostFacts("甲方负责人", _D),
    Post.AUDITOR: PostFacts("审计", _N, company_wide=True),
    Post.ADMIN: PostFacts("系统管理员", _N, company_wide=True),
}

# The way up when a post is empty, absent, or may not decide because he asked himself (02 §2.1.2).
NEXT_UP: dict[Post, Post] = {
    Post.CONSULTANT: Post.SUPERVISOR,
    Post.ASSISTANT: Post.SUPERVISOR,
    Post.CLERK: Post.SUPERVISOR,
    Post.CONTRACT_OFFICER: Post.SUPERVISOR,
    Post.CHANNEL_OFFICER: Post.SUPERVISOR,
    Post.SUPERVISOR: Post.SITE_MANAGER,
    Post.SITE_MANAGER: Post.PROJECT_MANAGER,
    Post.PROJECT_MANAGER: Post.GENERAL_MANAGER,
    Post.MARKETING: Post.GENERAL_MANAGER,
    Post.SALES_ADMIN: Post.GENERAL_MANAGER,
    Post.FINANCE: Post.GENERAL_MANAGER,
    Post.ADMINISTRATION: Post.GENERAL_MANAGER,
    Post.DEVELOPER_SITE: Post.DEVELOPER_LEAD,
    Post.DEVELOPER_FINANCE: Post.DEVELOPER_LEAD,
    Post.DEVELOPER_MARKETING: Post.DEVELOPER_LEAD,
    Post.DEVELOPER_SERVICE: Post.DEVELOPER_LEAD,
    Post.DEVELOPER_LEGAL: Post.DEVELOPER_LEAD,
}

AGENCY_POSTS = frozenset(p for p, f in POSTS.items() if f.side is Side.AGENCY)
DEVELOPER_POSTS = frozenset(p for p, f in POSTS.items() if f.side is Side.DEVELOPER)
SITE_CHAIN = frozenset({Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER})
ALL_POSTS = frozenset(Post)


def label(post: Post | str) -> str:
    """Chinese name of a post."""
    return POSTS[Post(post)].label
