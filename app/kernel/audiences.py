"""The scope kinds of the house: who reads the rows of which papers (07 «reads»). Use these; add rarely, each costs every statement."""

from __future__ import annotations

import app.kernel.publishing  # noqa: F401 - keeps published_at of what has an audience by effect
from app.kernel.confidential import Confidential
from app.kernel.posts import AGENCY_POSTS, ALL_POSTS, Post
from app.kernel.scope import Audience, ByEffect, ByOwner, ByProject, scope_kind

_CHAIN = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER})


@scope_kind
class PeoplePapers(ByProject):
    """Teams, permits, parameters: everybody of the project, the administrator too."""

    audience = Audience("people_papers", ALL_POSTS)


@scope_kind
class ProjectPapers(ByProject):
    """Units and what hangs on them: everybody with a business post."""

    audience = Audience("project_papers", ALL_POSTS - {Post.ADMIN})


@scope_kind
class SellingPapers(ByEffect):
    """推盘批次, 销控指令: everybody after the decision, before it whoever prepares, decides or checks (07)."""

    audience = Audience("selling_papers", ALL_POSTS - {Post.ADMIN}, drafts=_CHAIN | {Post.DEVELOPER_SITE, Post.AUDITOR})


@scope_kind
class SchemePapers(ByEffect):
    """销售方案, 付款方式: everybody after effect, before it SM → PM → JFL, and SUP who checks what CLK registered (02 §2.1.3)."""

    audience = Audience("scheme_papers", ALL_POSTS - {Post.ADMIN}, drafts=_CHAIN | {Post.DEVELOPER_LEAD, Post.AUDITOR})


@scope_kind
class AgencyPapers(ByProject):
    """Agency-internal papers: never 甲方."""

    audience = Audience("agency_papers", AGENCY_POSTS | {Post.AUDITOR})


@scope_kind
class ManagerPapers(ByProject):
    """Drafts that sellers do not read (销售方案, 甲方授权 …)."""

    audience = Audience("manager_papers", _CHAIN | {Post.CLERK, Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD, Post.AUDITOR})


@scope_kind
class PricePapers(ByProject):
    """Price lists carry the floor price: nobody below the site manager reaches a row (02 §2.1.6)."""

    audience = Audience(
        "price_papers", (_CHAIN - {Post.SUPERVISOR}) | {Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD, Post.AUDITOR}
    )


@scope_kind
class CustomerPapers(ByOwner):
    """Customers, visits, follow-ups: the owner, the supervisor's scope, the chain, the clerk (masked)."""

    audience = Audience(
        "customer_papers",
        whole=_CHAIN | {Post.ASSISTANT, Post.CLERK, Post.AUDITOR},
        own=frozenset({Post.CONSULTANT, Post.CHANNEL_OFFICER}),
        by_team=True,
    )


@scope_kind
class DossierPapers(ByEffect):
    """客户档案报送, 潜客统计上报: the chain and the clerk from the beginning, 甲方营销策划部 what was submitted to it (07
    «unsubmitted customers» never). by_team: a supervisor of one team prepares nothing about another team's customers."""

    audience = Audience(
        "dossier_papers", _CHAIN | {Post.CLERK, Post.DEVELOPER_MARKETING, Post.AUDITOR},
        drafts=_CHAIN | {Post.CLERK, Post.AUDITOR}, by_team=True,
    )  # fmt: skip


@scope_kind
class DealPapers(ByOwner):
    """Orders, contracts, changes: the owner, the chain, and the desks of both sides that 07 names; whoever else decides one comes in by its approval."""

    audience = Audience(
        "deal_papers",
        whole=_CHAIN
        | {
            Post.ASSISTANT, Post.CLERK, Post.CONTRACT_OFFICER, Post.AUDITOR, Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE,
            Post.DEVELOPER_LEAD,
        },
        own=frozenset({Post.CONSULTANT}),
        by_team=True,
    )  # fmt: skip


@scope_kind
class AftercarePapers(ByOwner):
    """What follows the contract — 按揭, 面积补差, 交楼, 办证: as orders, and 甲方客服, who does half of it and reads no order (07)."""

    audience = Audience(
        "aftercare_papers",
        whole=_CHAIN
        | {
            Post.CLERK, Post.CONTRACT_OFFICER, Post.AUDITOR, Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE,
            Post.DEVELOPER_SERVICE, Post.DEVELOPER_LEAD,
        },
        own=frozenset({Post.CONSULTANT}),
        by_team=True,
    )  # fmt: skip


@scope_kind
class MoneyPapers(ByOwner):
    """Accounts, receivables, receipts of buyers' money."""

    audience = Audience(
        "money_papers",
        whole=_CHAIN
        | {
            Post.CLERK, Post.CONTRACT_OFFICER, Post.FINANCE, Post.AUDITOR, Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE,
            Post.DEVELOPER_LEAD,
        },
        own=frozenset({Post.CONSULTANT}),
        by_team=True,
    )  # fmt: skip


@scope_kind
class LedgerPapers(ByProject):
    """The ledger itself."""

    audience = Audience(
        "ledger_papers",
        frozenset(
            {
                Post.FINANCE, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.AUDITOR, Post.DEVELOPER_FINANCE,
                Post.DEVELOPER_LEAD,
            }
        ),
    )  # fmt: skip


@scope_kind
class CashierPapers(ByProject):
    """票据, 银行流水: 甲方财务 keeps them, the clerk and the auditor look (07 «票据»)."""

    audience = Audience("cashier_papers", frozenset({Post.CLERK, Post.DEVELOPER_FINANCE, Post.AUDITOR}))


@scope_kind
class AgencyExpensePapers(ByOwner):
    """What the agency pays itself, and its budgets: the chain, its finance, everybody his own claims; never 甲方 (07 §7.1)."""

    audience = Audience(
        "agency_expense_papers",
        whole=_CHAIN | {Post.FINANCE, Post.AUDITOR},
        own=AGENCY_POSTS - _CHAIN - {Post.FINANCE},
        by_team=True,
    )


@scope_kind
class DeveloperExpensePapers(ByOwner):
    """What the developer bears, and its budgets: his marketing, finance and lead, the site manager, whoever claims (07 «费用»)."""

    audience = Audience(
        "developer_expense_papers",
        whole=frozenset(
            {
                Post.SITE_MANAGER, Post.DEVELOPER_MARKETING, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD, Post.AUDITOR,
            }
        ),
        own=frozenset({Post.SUPERVISOR, Post.MARKETING}),
    )  # fmt: skip


@scope_kind
class ComplaintPapers(Confidential):
    """客户投诉: the chain, 甲方 (service, site, lead), whoever registered it; never whom it is about (07 «客户投诉»)."""

    audience = Audience(
        "complaint_papers",
        whole=_CHAIN | {Post.DEVELOPER_SERVICE, Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD, Post.AUDITOR},
        own=frozenset({Post.CONSULTANT, Post.CLERK}),
        by_team=True,
    )


@scope_kind
class InternalComplaintPapers(Confidential):
    """内部投诉: whoever wrote it and the supervisor who decides it; a raised one the project manager, and HQ as a copy (07)."""

    audience = Audience(
        "internal_complaint_papers",
        whole=frozenset({Post.SUPERVISOR, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.AUDITOR}),
        own=AGENCY_POSTS,
        by_team=True,
        drafts=frozenset({Post.SUPERVISOR, Post.AUDITOR}),
    )


@scope_kind
class IncidentPapers(Confidential):
    """建议, 突发事件, 纠纷, 整改: the chain, whoever wrote one or has it to do; agency-internal."""

    audience = Audience("incident_papers", whole=_CHAIN | {Post.AUDITOR}, own=AGENCY_POSTS - _CHAIN, by_team=True)
