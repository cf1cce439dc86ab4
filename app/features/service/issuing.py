"""A sheet about somebody is issued: it gets its number and becomes readable to him, who confirms that he has seen it."""

from __future__ import annotations

from app.features.organisation.models import team_of_person
from app.features.organisation.numbers import number_for
from app.kernel.notices import NoticeKind, notify
from app.kernel.workflow import Act


def issue(act: Act) -> None:
    """Until now only who wrote it reads it."""
    sheet = act.document
    sheet.number = sheet.number or number_for(act.session, sheet, act.at.date())
    if sheet.person_id is None:
        return
    sheet.owner_id = sheet.person_id
    sheet.team_id = team_of_person(act.session, sheet.person_id, sheet.project_id, act.at.date())
    notify(
        act.session, [sheet.person_id], f"{sheet.__label__} {sheet.number} 请查看并确认",
        url=f"/{sheet.__tablename__.replace('_', '-')}/show/{sheet.id}", project_id=sheet.project_id, kind=NoticeKind.DUE,
        outside=f"有一份{sheet.__label__}请你确认",
    )  # fmt: skip
