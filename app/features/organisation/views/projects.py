"""公司 项目 销售许可 班组."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy.orm import object_session

from app.features.organisation import rules
from app.features.organisation.models import Company, CompanyKind, Permit, Project, Team
from app.features.organisation.views import CATEGORY
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.screens.view import DocumentView

HQ = frozenset({Post.SALES_ADMIN})


class CompanyView(DocumentView):
    """公司."""

    model = Company
    label = L("公司")
    category = CATEGORY
    icon = "building"
    readers = frozenset({Post.ADMIN, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.AUDITOR})
    creators = frozenset({Post.ADMIN, Post.SALES_ADMIN})
    listed = ("name", "kind", "credit_code", "address")
    search = ("name",)
    filters = ("kind",)


class ProjectsView(DocumentView):
    """项目: HQ founds and keeps it, everybody with a post in it reads it."""

    model = Project
    label = L("项目")
    category = CATEGORY
    icon = "arch"
    creators = HQ
    listed = ("name", "code", "developer", "stage", "opened_on", "handover_on")
    search = ("name", "code")
    filters = ("stage",)
    edit_form_fields = (
        "name",
        "stage",
        "opened_on",
        "handover_on",
        "property_company",
        "escrow_bank",
        "escrow_account",
        "address",
    )  # fmt: skip - code and companies stand on papers
    pick_filters = {  # noqa: RUF012 - a declaration
        "agency_id": lambda query: query.where(Company.kind == CompanyKind.AGENCY),
        "developer_id": lambda query: query.where(Company.kind == CompanyKind.DEVELOPER),
    }

    def check(self, record: Any, actor: Actor) -> None:
        """The code fits into numbers; each side is of its kind."""
        rules.require_project_code(record.code)
        session = object_session(record)
        for name, kind in (("agency_id", CompanyKind.AGENCY), ("developer_id", CompanyKind.DEVELOPER)):
            company = session.get(Company, getattr(record, name)) if session is not None else None
            if company is None or company.kind is not kind:
                raise RuleError("请选择类型为「{kind}」的公司", field=name, kind=kind.label)
        if record.opened_on and record.handover_on and record.handover_on < record.opened_on:
            raise RuleError("交付日不能早于开盘日", field="handover_on")


class PermitView(DocumentView):
    """预售证 / 现售备案."""

    model = Permit
    label = L("销售许可")
    category = CATEGORY
    icon = "file"
    readers = frozenset(Post) - {Post.ADMIN}
    creators = HQ
    listed = ("number", "kind", "scope", "issued_on", "valid_until")
    search = ("number", "scope")
    filters = ("kind",)

    def check(self, record: Any, actor: Actor) -> None:
        """It does not end before it begins."""
        if record.valid_until is not None and record.valid_until < record.issued_on:
            raise RuleError("有效期不能早于发证日期", field="valid_until")


class TeamView(DocumentView):
    """班组."""

    model = Team
    label = L("班组")
    category = CATEGORY
    icon = "users"
    creators = frozenset({Post.ADMIN, Post.SALES_ADMIN})
    listed = ("name",)
    search = ("name",)
    files = False
