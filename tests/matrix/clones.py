"""The papers of project A again for a colleague and for project B, every free text a canary of its owner.

Ids are shifted by a fixed offset a clone, so that every reference, also one without a foreign key, finds its twin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, Integer, String, Text, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.schema import Column, Table

from app.extensions import db
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import model_of
from app.kernel.columns import ChoiceType, Encrypted, blind
from app.kernel.registries import SEARCH
from app.kernel.scope import ByOwner
from app.kernel.search_index import put
from app.kernel.transactions import write
from tests.cast import Cast

SHARED = {  # one row for both projects, or the machinery
    "approval_policy", "assignment", "calendar_day", "company", "person", "project", "team", "counter", "audit_entry", "audit_block",
    "login_try", "login_session", "account_security", "request_key", "search_entry", "state_change",
}  # fmt: skip
KEPT = {"by_name", "kind", "subject", "post", "verdict", "content_hash", "measure", "owner_table", "mime", "sha256", "code", "previous",
        "seal", "file_digest", "section", "url", "key", "value", "sequence", "close_kind", "source", "fund_kind", "outcome", "late_reason", "lost_reason",
        "voucher_number", "period", "stored_as", "screen", "shared_with"}  # fmt: skip
POINTERS = {
    "reservation_id": "reservation",
    "held_for_id": "customer",
    "customer_id": "customer",
    "attachment_id": "attachment",
    "source_id": "paper",
    "unit_id": "unit",
    "series_id": "regulation",
    "origin_id": "sales_script",
}
PEOPLE = {
    "owner_id", "partner_id", "created_by", "updated_by", "submitted_by", "lock_by", "hold_by", "receiver_id", "by_id", "person_id",
    "uploaded_by", "removed_by", "applicant_id", "decided_by", "recorded_by", "checked_by", "confirmed_by", "paid_by", "absent_id",
    "deputy_id", "executed_by", "holder_id", "asked_by", "keeper_id", "borrower_id", "handler_id", "helper_id", "advised_by",
    "former_id", "taken_by", "from_id", "to_id", "before_id", "after_id", "ruled_by", "final_by", "appealed_by", "judged_by", "done_by",
    "against_id", "also_against_id", "responsible_id", "consultant_id", "withdrawn_by", "verified_by",
}  # fmt: skip
TO_B = {
    "consultant1": "other_consultant", "clerk": "other_clerk", "contract_officer": "other_clerk", "supervisor": "other_supervisor",
    "site_manager": "other_site_manager", "developer_finance": "other_finance", "developer_lead": "other_lead",
}  # fmt: skip
HOLD_WORD, COLLEAGUE_WORD, FOREIGN_WORD, OWN_WORD, HOUSE_WORD = "QZH", "QZC", "QZB", "QZA", "QZD"


@dataclass
class Clone:
    """word: the canary of owned papers; house: that of the papers of the whole project; both stand in cells as «QZB0042»."""

    cast: Cast
    offset: int
    project: str
    people: dict[str, str]
    team: str
    word: str
    house: str
    count: int = 0
    ids: dict[int, int] = field(default_factory=dict)
    where: dict[str, tuple[str, str]] = field(default_factory=dict)
    drafts: set[str] = field(default_factory=set)  # canaries of rows that are not in effect yet

    def __post_init__(self) -> None:
        ids = self.cast.person_ids
        self.ids = {ids[old]: ids[new] for old, new in self.people.items()}

    def canary(self, table: str, column: str, length: int | None) -> str | None:
        """A word that stands nowhere else; None when the column is too narrow for it."""
        owned = issubclass(model_of(table), ByOwner) or table in (
            "notice",
            "attachment",
            "approval_request",
            "approval_step",
        )
        word = (
            HOLD_WORD if column in ("reason", "held_for") and table in ("hold", "control_order", "unit") else self.word
        )
        self.count += 1
        text = f"{word if owned or word == HOLD_WORD or self.project == 'b' else self.house}{self.offset // 1000:03}{self.count:04}"
        if length is not None and length < len(text):
            return None
        self.where[text] = (table, column)
        return text


def clone(cast: Cast, offset: int, project: str, people: dict[str, str], team: str, word: str, house: str) -> Clone:
    """Copy every paper; gives the words back with the column that each stands in."""
    made = Clone(cast, offset, project, people, team, word, house)
    session: Session = cast.session

    def work() -> None:
        for table in db.metadata.sorted_tables:
            if table.name in SHARED or table.name.startswith("ab_"):
                continue
            if table.name in ("parameter", "delegation") and project == "a":
                continue
            for row in session.execute(select(table).where(table.c.id < 1000)).mappings().all():
                session.execute(insert(table).values(_copied(made, table, dict(row))))
        session.flush()
        for model in SEARCH:
            if model.__tablename__ not in SHARED:
                for record in session.scalars(select(model).where(model.id >= offset)):
                    put(session, record)

    with acting_as(SYSTEM):
        write(session, work)
    return made


def _copied(made: Clone, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.columns:
        row[column.key] = _value(made, table, column, row[column.key])
    if table.name == "customer_phone":
        row["number"] = f"1000{made.offset + row['id'] % 1000:07}"
        row["digest"], row["tail_digest"] = blind(row["number"]), blind(row["number"][-4:])
    if table.name == "take_over" and made.project == "a":  # one is prepared at a time: the copies are through
        row["state"] = "done"
    if table.name == "customer_transfer":  # one draft a person: the copies are through
        row["state"] = "done"
    if table.name == "purge_run" and made.project == "a":  # one list is open at a time
        row["state"] = "done"
    if table.name == "month_close":  # one a month and project: the copy is of a year of its own
        copy = made.offset // 1000
        row["month"] = f"{3000 + copy % 6000}-{1 + copy // 6000 % 12:02}"
    if table.name == "statistics_report":  # one a week and project: the copies are of earlier weeks
        for name in ("day", "first_on", "last_on"):
            row[name] -= timedelta(weeks=made.offset // 1000)
    if row.get("published_at", True) is None:
        made.drafts.update(value for value in row.values() if isinstance(value, str) and value in made.where)
    return row


def _value(made: Clone, table: Table, column: Column[Any], value: Any) -> Any:
    name = column.name
    if name == "id":
        return value + made.offset
    if value is None and ("field" not in column.info or name == "number"):
        return None
    if value is None and not isinstance(column.type, (String, Text, Encrypted)):
        return None
    if name == "project_id":
        return made.cast.project_ids[made.project]
    if name == "team_id" or name == "lock_team_id":
        return value and made.cast.team_ids[made.team]
    if name == "sequence":
        return value + made.offset
    if table.name == "attachment" and name == "owner_id":
        return value + made.offset
    if name in PEOPLE and not isinstance(column.type, Encrypted):
        return made.ids.get(value, value)
    target = _points_at(table, column)
    if target is not None:
        return value if target in SHARED else value + made.offset
    if name == "url":
        return re.sub(r"/(\d+)", lambda found: f"/{int(found[1]) + made.offset}", value)
    return _text(made, table, column, value)


def _points_at(table: Table, column: Column[Any]) -> str | None:
    for key in column.foreign_keys:
        return key.column.table.name
    if column.name in POINTERS:
        return POINTERS[column.name]
    if column.name == "subject_id":
        return "paper"
    return None


def _text(made: Clone, table: Table, column: Column[Any], value: Any) -> Any:
    kind = column.type
    if isinstance(kind, ChoiceType) or column.name in KEPT or "digest" in column.name:
        return value
    if isinstance(kind, Encrypted):
        return value if column.name in ("number", "id_number") else made.canary(table.name, column.name, None)
    if not isinstance(kind, (String, Text)) or isinstance(kind, (JSON, Integer)):
        return value
    return made.canary(table.name, column.name, kind.length) or value
