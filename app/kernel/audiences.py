"""The scope kinds of the house: who reads the rows of which papers (07 «reads»). Use these; add rarely, each costs every statement."""

from __future__ import annotations

from app.kernel.posts import AGENCY_POSTS, ALL_POSTS, Post
from app.kernel.scope import by_owner, by_project

_CHAIN = {Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER}

PeoplePapers = by_project("people_papers", ALL_POSTS)
ProjectPapers = by_project("project_papers", ALL_POSTS - {Post.ADMIN})
AgencyPapers = by_project("agency_papers", AGENCY_POSTS | {Post.AUDITOR})
ManagerPapers = by_project(
    "manager_papers", _CHAIN | {Post.CLERK, Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD, Post.AUDITOR}
)
PricePapers = by_project(  # price lists carry the floor price: nobody below the site manager reaches a row (02 §2.1.6)
    "price_papers",
    (_CHAIN - {Post.SUPERVISOR}) | {Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD, Post.AUDITOR},
)
CustomerPapers = by_owner(
    "customer_papers",
    whole=_CHAIN | {Post.ASSISTANT, Post.CLERK, Post.AUDITOR},
    own={Post.CONSULTANT, Post.CHANNEL_OFFICER},
)
DealPapers = by_owner(
    "deal_papers",
    whole=_CHAIN
    | {
        Post.ASSISTANT, Post.CLERK, Post.CONTRACT_OFFICER, Post.FINANCE, Post.AUDITOR, Post.DEVELOPER_SITE,
        Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD, Post.DEVELOPER_LEGAL, Post.DEVELOPER_SERVICE,
    },
    own={Post.CONSULTANT},
)  # fmt: skip
MoneyPapers = by_owner(
    "money_papers",
    whole=_CHAIN
    | {
        Post.CLERK, Post.CONTRACT_OFFICER, Post.FINANCE, Post.AUDITOR, Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE,
        Post.DEVELOPER_LEAD,
    },
    own={Post.CONSULTANT},
)  # fmt: skip
LedgerPapers = by_project(
    "ledger_papers",
    {Post.FINANCE, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.AUDITOR, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD},
)
