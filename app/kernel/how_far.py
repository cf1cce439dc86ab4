"""Whose rows a number counts, as its label says: two people who read different numbers see why."""

from __future__ import annotations

from flask_babel import gettext as _

from app.kernel.actors import Actor
from app.kernel.scope import Audience, reach


def how_far(actor: Actor, audience: Audience) -> str:
    """«全项目», «本组», «我的»; joined for somebody whose posts reach differently far."""
    far = reach(actor, audience)
    whole = (_("全项目") if len(far.whole) == 1 else _("%(n)s 个项目", n=len(far.whole)),) if far.whole else ()
    teams = (_("本组"),) if far.teams else ()
    own_rows = set(far.own) & actor.projects_as(audience.own - audience.whole)  # by a post that reaches nothing else
    own = (_("我的"),) if own_rows or (far.own and not teams) else ()
    return "＋".join((*whole, *teams, *own))
