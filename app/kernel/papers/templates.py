"""Which template a site uses for a kind of paper: its own, reviewed one, else the shipped one. The archive tells (registry)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.kernel.papers.kinds import PrintedKind
from app.kernel.papers.rendering import shipped_template

SHIPPED = "系统默认"


@dataclass(frozen=True)
class Template:
    """A template with its content. name: «第 3 版», as it stands in the foot of the paper."""

    name: str
    data: bytes
    id: int | None = None


Source = Callable[[Session, int | None, str], Template | None]
_sources: list[Source] = []


def use_templates(source: Source) -> None:
    """Who knows the site's own templates: (session, project, key of the kind)."""
    if source not in _sources:
        _sources.append(source)


def own_template(session: Session, project_id: int | None, kind: PrintedKind) -> Template | None:
    """The site's own template in use; None while it prints with the shipped one."""
    for source in _sources:
        found = source(session, project_id, kind.key)
        if found is not None:
            return found
    return None


def template_for(session: Session, project_id: int | None, kind: PrintedKind) -> Template:
    """The template in use."""
    return own_template(session, project_id, kind) or Template(SHIPPED, shipped_template(kind))
