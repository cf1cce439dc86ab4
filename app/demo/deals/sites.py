"""Who handles the orders of a project, by login."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.posts import Post


@dataclass(frozen=True)
class Site:
    """The posts of one project that an order passes; bank = who lends there, legal may be nobody."""

    code: str
    clerk: str
    supervisor: str
    manager: str
    project_manager: str
    officer: str
    seal: str
    cashier: str
    lead: str
    legal: str
    bank: str

    def holder(self, post: Post) -> str:
        """The login of a post that decides papers of orders."""
        return {
            Post.SUPERVISOR: self.supervisor,
            Post.SITE_MANAGER: self.manager,
            Post.PROJECT_MANAGER: self.project_manager,
            Post.DEVELOPER_SITE: self.seal,
            Post.DEVELOPER_LEGAL: self.legal,
            Post.DEVELOPER_LEAD: self.lead,
        }[post]


RIVER = Site(
    "JPYL", "clerk", "supervisor", "site_manager", "project_manager", "contract_officer", "developer_site", "developer_finance",
    "developer_lead", "developer_legal", "江城银行滨江支行",
)  # fmt: skip
LAKE = Site(
    "CH1", "other_clerk", "other_supervisor", "other_site_manager", "other_project_manager", "other_contract_officer", "other_site",
    "other_finance", "other_lead", "", "江城银行翠湖支行",
)  # fmt: skip
