"""Hooks of a document's screens: what a view overrides when no declaration fits; each says what it does by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select

from app.kernel.actors import Actor
from app.kernel.imports.declared import importers
from app.kernel.screens import bulk_steps
from app.kernel.screens.declarations import Declarations
from app.kernel.screens.detail import brief, sums
from app.kernel.screens.lines import lines_card
from app.kernel.screens.list_page import BulkStep
from app.kernel.screens.listing import add_link, sum_cells
from app.kernel.screens.parts import Cell, Html, Link
from app.kernel.workflow import FLOWS

DRAFT = "草稿"


class Hooks(Declarations):
    """What the handlers of DocumentView ask on their way."""

    def restrict(self, query: Select[Any], actor: Actor) -> Select[Any]:
        """Narrow every list of this view further."""
        return query

    def prepare(self, record: Any, actor: Actor) -> None:
        """Fill what the form does not ask (owner, team …) before a new record is saved."""

    def check(self, record: Any, actor: Actor) -> None:
        """Raise RuleError(field=…) for a record that breaks a rule; runs inside the transaction, before the flush."""

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Effects of a save, in its transaction."""

    def note(self, record: Any, actor: Actor) -> Html:
        """Why an act that people look for is not possible now."""
        return ""

    def due(self, record: Any, actor: Actor) -> Link | None:
        """What this person has to fill in before the next step makes sense: the one primary button until it is done."""
        return None

    def hurdle(self, actor: Actor) -> tuple[str, Link] | None:
        """Why no new record can be begun from this address, and the page that leads on; shown instead of the form."""
        return None

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """What a new record's form starts with. given: the values that its address names."""
        return given

    def delete_words(self, record: Any) -> tuple[str, str]:
        """The button, and what is asked before it goes: a draft is called one, a row that came in with a table is none."""
        draft = getattr(getattr(record, "state", None), "label", "") == DRAFT
        return _("删除草稿") if draft else _("删除"), _("删除后不能恢复。")

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Further buttons of the detail page."""
        return []

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """Buttons of the list: import, export, then add."""
        acts = []
        if actor.holds(importers(self), self.current_project() if hasattr(self.model, "project_id") else None):
            label = _("核对表格") if self.importable.compare else _("导入")
            acts.append(Link(label, f"/import{self.route_base}", icon="upload"))
        if actor.holds(self.exporters):
            further = "?" + query_text if query_text else ""
            acts.append(Link(_("导出"), f"{self.list_url()}export{further}", icon="download"))
        return acts + add_link(self, actor)

    def row_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Operations of a row."""
        links = [Link("查看", self.show_url(record.id))]  # the page translates it: one look-up less for every row
        if self.may_edit(record, actor):
            links.append(Link("修改", self.edit_url(record.id), tone="text"))
        return links

    def bulk_steps(self, actor: Actor) -> list[BulkStep]:
        """Steps of the flow that may be taken for several rows at once."""
        table = FLOWS.get(self.model)
        steps = [s for s in table.steps if s.bulk and actor.holds(s.by)] if table else []
        return [BulkStep(s.name, s.label, s.tone, (not bulk_steps.asks_of(s) and s.confirm) or None) for s in steps]  # type: ignore[arg-type]

    def step_side(self, record: Any) -> list[Any]:
        """What is known beside a step's form and an approver's: the first facts that say something, and what it comes to."""
        cards = [brief(self, record, self.actor()), *sums(record, self.actor())]
        return [*cards, lines_card(self, record, self.actor())] if self.lines is not None else cards

    def fixed_names(self) -> frozenset[str]:
        """Fields that are shown but not changed in the form."""
        return frozenset()

    def totals(self, records: Sequence[Any], columns: list[str], whole: bool) -> tuple[Cell, ...]:
        """Totals under the table: only when every row that fits is on the page."""
        return sum_cells(self, records, columns) if self.summed and whole and records else ()
