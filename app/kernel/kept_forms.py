"""Forms that arrived after the sign-in ended: kept encrypted for their own writer, who gets them back filled in after signing in.

Nothing is ever sent by itself: the form is shown again and waits for its button. Files are not kept, and the page says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, has_request_context, request
from flask import session as cookie
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import DateTime, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.exceptions import HTTPException

from app.kernel.accounts import LONGEST_SESSION
from app.kernel.base import Record, now
from app.kernel.columns import Encrypted
from app.kernel.jobs import every
from app.kernel.kept import label_names
from app.kernel.transactions import write

MARK = "_by"  # hidden input: whose form it is, signed
SHOWN = "_shown_"  # prefix of the words that stand beside a chosen record
ARGUMENT = "kept"  # of the address that shows the form again
NEWEST = 5  # forms kept for a person
LARGEST = 200_000  # characters of one form; our longest grid of prices has a tenth
CARRIED = frozenset({"_version", "_save"})  # of the page's own marks
NOT_TYPED = frozenset({"csrf_token", "old", "again", "next", "step"})


class KeptForm(Record):
    """One form that nobody saved: whose, of which page, what was typed."""

    __tablename__ = "kept_form"
    __label__ = "暂存表单"
    __unaudited__ = True

    user_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    path: Mapped[str] = mapped_column(String(300), nullable=False)
    body: Mapped[str] = mapped_column(Encrypted, nullable=False)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now, index=True)


@dataclass(frozen=True)
class Typed:
    """What comes back: texts by input, the Chinese name of each input, and whether files have to be chosen again."""

    texts: dict[str, list[str]]
    labels: dict[str, str]
    files: bool


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="anchang-form")


def mark() -> str:
    """The signed value of MARK for the person who is shown a form; empty for nobody."""
    return str(_signer().dumps(current_user.id)) if current_user.is_authenticated else ""


def _marked() -> Any:
    try:
        return _signer().loads(request.form.get(MARK, ""), max_age=int(LONGEST_SESSION.total_seconds()))
    except BadSignature:
        return None


def marked_for_me() -> bool:
    """Whether this request's form was shown to the person who sends it."""
    return bool(current_user.is_authenticated and _marked() == current_user.id)


def writer() -> int | None:
    """The account that this request's form was shown to: by its mark, else by the (signed) cookie of the ended sign-in."""
    found = str(_marked() or cookie.get("_user_id") or "")
    return int(found) if found.isdigit() else None


def keep(session: Any, path: str) -> int | None:
    """Store what this request typed for the page at `path`; its id, None when there is nothing to keep or nobody to keep it for."""
    user_id = writer()
    names = [n for n in request.form if n not in NOT_TYPED and "password" not in n and (n[0] != "_" or _carried(n))]
    texts = {n: request.form.getlist(n) for n in names}
    if user_id is None or not any(v for n, values in texts.items() if n[0] != "_" for v in values):
        return None
    known = label_names()
    labels = {n: str(known[n]) for n in names if n in known}
    files = any(f.filename for f in request.files.values())
    body = json.dumps([texts, labels, files], ensure_ascii=False)
    if len(body) > LARGEST:
        return None

    def work() -> int:
        older = select(KeptForm.id).where(KeptForm.user_id == user_id).order_by(KeptForm.id.desc()).offset(NEWEST - 1)
        for row in session.scalars(select(KeptForm).where(KeptForm.id.in_(session.scalars(older).all()))):
            session.delete(row)
        row = KeptForm(user_id=user_id, path=path[:300], body=body)
        session.add(row)
        session.flush()
        return int(row.id)

    return write(session, work)


def _carried(name: str) -> bool:
    return name in CARRIED or name.startswith(SHOWN)


def page_of_form(back: str) -> str:
    """The page that shows this request's form: its own address when that can be opened, else the page before (`back`)."""
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None and adapter.match(request.path, method="GET"):
            back = request.full_path
    except HTTPException:  # it takes posts only
        return back
    return back.rstrip("?")


def keep_for_later(session: Any, back: str) -> str:
    """Keep what this request typed; the address that shows it again, empty when nothing was kept."""
    path, _mark, query = page_of_form(back).partition("?")
    kept = keep(session, path) if path else None
    if kept is None:
        return ""
    pairs = [(name, value) for name, value in parse_qsl(query) if name != ARGUMENT]
    return f"{path}?{urlencode([*pairs, (ARGUMENT, str(kept))])}"


def given_back(session: Any) -> Typed | None:
    """What the address of this request brings back to the person who typed it; None for everybody else."""
    asked = request.args.get(ARGUMENT, "") if has_request_context() and request.method == "GET" else ""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10) or not current_user.is_authenticated:
        return None
    if "kept_form" not in g:
        row = session.get(KeptForm, int(asked))
        mine = row is not None and row.user_id == current_user.id and row.path == request.path
        g.kept_form = Typed(*json.loads(row.body)) if mine else None
    found: Typed | None = g.kept_form
    return found


@every(seconds=3600, name="kept_forms")
def forget_kept_forms(session: Session) -> int:
    """Forms older than the longest sign-in are dropped."""
    old = delete(KeptForm).where(KeptForm.at < now() - LONGEST_SESSION)
    return session.execute(old).rowcount  # type: ignore[attr-defined]
