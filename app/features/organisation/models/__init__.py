"""公司 项目 班组 人员 岗位 代理授权 日历 参数: what they are."""

from app.features.organisation.models.people import (
    Assignment,
    Delegation,
    DelegationState,
    JobDescription,
    Person,
    PersonState,
    PostName,
    person_by_login,
    team_of_person,
)
from app.features.organisation.models.projects import (
    Company,
    CompanyKind,
    Permit,
    PermitKind,
    Project,
    SalesStage,
    Team,
)
from app.features.organisation.models.settings import CalendarDay, CalendarName, Parameter

__all__ = [
    "Assignment",
    "CalendarDay",
    "CalendarName",
    "Company",
    "CompanyKind",
    "Delegation",
    "DelegationState",
    "JobDescription",
    "Parameter",
    "Permit",
    "PermitKind",
    "Person",
    "PersonState",
    "PostName",
    "Project",
    "SalesStage",
    "Team",
    "person_by_login",
    "team_of_person",
]
