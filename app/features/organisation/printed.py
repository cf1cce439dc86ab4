"""What every printed paper may say of its project and its companies. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import told


def project_values(session: Session, record: Any) -> Values:
    """项目, 项目地址, 甲方, 代理公司 of the record's project."""
    query = select(Project).where(Project.id == record.project_id)
    project = session.scalars(query, execution_options={"unscoped": True}).one()
    return {
        "项目": project.name, "项目地址": told(project.address), "甲方": project.developer.name, "代理公司": project.agency.name,
    }  # fmt: skip


def escrow_account(session: Session, project_id: int, permit: Any) -> str:
    """Bank and number of the supervised account: that of the permit, else of the project (02 §2.5.10)."""
    query = select(Project).where(Project.id == project_id)
    project = session.scalars(query, execution_options={"unscoped": True}).one()
    number = (permit.escrow_account if permit is not None else None) or project.escrow_account
    return told(f"{project.escrow_bank or ''} {number or ''}".strip())
