"""What the address of a list asks for, and addresses that ask for something else: read and written in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from app.kernel.chinese import fold

SIZES = (20, 50, 100)
MAX_PAGE = 400  # pages that one may jump to by number; beyond them one walks, or goes to the last
LONGEST_CURSOR = 600
BETWEEN = "~"  # joins the two days of a period
CURSOR = "_at"  # the place of a page; no column begins so: visits and turns are narrowed by their «at»
TAKEN = frozenset({"q", "order", "page", "size", "chip", "saved", CURSOR})  # what an address says beside its filters


@dataclass(frozen=True)
class Asked:
    """What the address asks for; everything odd is brought back to something sensible, never an error.

    at: the cursor of a page reached by walking (screens/cursor.py), "" for a page reached by its number. saved: the id of the
    saved filter that led here, 0 = none; its columns are shown.
    """

    q: str
    filters: dict[str, str]
    order: str
    descending: bool
    page: int
    size: int
    chip: str = ""
    at: str = ""
    saved: int = 0

    @property
    def order_text(self) -> str:
        """«-paid_on» as it stands in addresses; empty for the view's own order."""
        return ("-" if self.descending else "") + self.order if self.order else ""


def _number(text: str | None, low: int, high: int, fallback: int) -> int:
    return min(max(int(text), low), high) if text and text.isascii() and text.isdigit() and len(text) < 9 else fallback


def _filter(args: Any, name: str) -> str:
    """The value of a filter; two days of a form become one period."""
    days = args.get(f"{name}.from", ""), args.get(f"{name}.to", "")
    text: str = args.get(name, "") or (BETWEEN.join(days) if any(days) else "")
    return text.replace("\x00", "")[:100]


def asked(view: Any) -> Asked:
    """Read the address of a list; one that asks for nothing opens as the view declares."""
    args, actor = request.args or view.opening(), view.actor()
    order = args.get("order", "")
    name = order.lstrip("-")
    known = {c[0] for c in view.chips}
    return Asked(
        q=fold(args.get("q", "")).replace("\x00", "")[:100],
        filters={
            n: text for n in (*view.readable_filters(actor), *view.further_filters(actor)) if (text := _filter(args, n))
        },
        order=name if name in view.readable_orders(actor) else "",
        descending=order.startswith("-") or not order,
        page=_number(args.get("page"), 1, MAX_PAGE, 1),
        size=_number(args.get("size"), SIZES[0], SIZES[-1], SIZES[0]),
        chip=args.get("chip", "") if args.get("chip", "") in known else "",
        at=args.get(CURSOR, "")[:LONGEST_CURSOR],
        saved=_number(args.get("saved"), 0, 10**8, 0),
    )


def check_filters(view: Any) -> None:
    """Raises TypeError for a filter whose name an address needs for something else: one would be read as the other."""
    taken = sorted(TAKEN & {*view.filters, *view.more_filters})
    if taken:
        raise TypeError(f"{view.__name__}: no filter may be called {', '.join(taken)}")


def kept_values(ask: Asked) -> dict[str, str]:
    """The values by which a list is found again: search, filters, order, size, chip, saved filter — without the page."""
    values = {
        **ask.filters, "q": ask.q, "order": ask.order_text, "size": str(ask.size) if ask.size != SIZES[0] else "",
        "chip": ask.chip, "saved": str(ask.saved) if ask.saved else "",
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def list_link(view: Any, ask: Asked, **changes: Any) -> str:
    """The address of the same list with these values changed; None takes one out. It begins at the first page unless told."""
    values = {**kept_values(ask), **changes}
    text = urlencode({name: value for name, value in values.items() if value not in (None, "")})
    return view.list_url() + ("?" + text if text else "")
