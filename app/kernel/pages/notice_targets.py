"""Whether the page that a notice leads to is still open to its person: what he may not read any more is no link."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app
from werkzeug.exceptions import HTTPException

from app.kernel.actors import Actor
from app.kernel.addresses import own_path
from app.kernel.approval.reading import may_open
from app.kernel.approval.records import ApprovalRequest
from app.kernel.entrance import database
from app.kernel.errors import NotFound
from app.kernel.grants import posts_of
from app.kernel.screens.view import VIEWS


def open_pages(actor: Actor, addresses: Iterable[str]) -> frozenset[str]:
    """Those of these paths that the person may open now."""
    return frozenset(one for one in set(addresses) if one and is_open(actor, one))


def is_open(actor: Actor, address: str) -> bool:
    """One path of ours: a page of his posts, and a record of his rows when it shows one."""
    if own_path(address, "") != address:
        return False
    path, _mark, query = address.partition("?")
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET", query_args=query)
    except HTTPException:
        return False
    name, _dot, method = endpoint.rpartition(".")
    if endpoint == "ApprovalsView.one":
        asked = database().get(ApprovalRequest, values["request_id"])
        return asked is not None and may_open(database(), actor, asked)
    view = next((one for one in current_app.appbuilder.baseviews if one.endpoint == name), None)  # type: ignore[attr-defined]
    if view is None or not actor.holds(posts_of(view.class_permission_name, f"can_{_permission(view, method)}")):
        return False
    return view not in VIEWS.values() or "pk" not in values or _finds(view, values["pk"])


def _permission(view: object, method: str) -> str:
    """What the framework asks for before this method runs."""
    named: str = getattr(getattr(view, method), "_permission_name", method)
    return named


def _finds(view: object, pk: int) -> bool:
    try:
        view.find(pk)  # type: ignore[attr-defined]
    except NotFound:
        return False
    return True
