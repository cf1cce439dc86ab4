"""The page of the visitor: no account, no name, three rows of stars. Whatever is wrong with a pass gives one and the same page."""

from __future__ import annotations

import secrets
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.features.service.ratings.effects import place_of, rate
from app.features.service.ratings.rules import Given, given_of
from app.features.service.ratings.tokens import read
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.transactions import write

READ_LIMIT, SEND_LIMIT = "300 per hour", "60 per hour"  # an address: a whole site may use one
GONE = 404


class VisitorRating(BaseView):
    """/rate/PASS: who holds the pass may rate once."""

    route_base = "/rate"
    default_view = "form"

    @expose("/<token>", methods=["GET", "POST"])
    def form(self, token: str) -> Any:
        """The stars; POST keeps them."""
        known = read(current_app.config["SECRET_KEY"], token, now())
        with acting_as(SYSTEM):
            place = place_of(db.session(), known) if known is not None else None
        if known is None or place is None:
            return _page("service/closed.html"), GONE
        refused, typed = "", {}
        if request.method == "POST":
            typed = {name: value[:400] for name, value in request.form.items()}
            try:
                given = given_of(typed)
            except RuleError as refusal:
                refused = str(refusal)
            else:
                return _kept(known, given, token)
        page = _page("service/rate.html", key=secrets.token_hex(16), refused=refused, typed=typed)
        return page, 422 if refused else 200

    @expose("/done")
    def done(self) -> Any:
        """Thanks; on the kiosk it leads back to the stars."""
        back = request.args.get("back", "")
        again = url_for("VisitorRating.form", token=back, kiosk=1) if back else ""
        return _page("service/thanks.html", again=again)


def _kept(known: Any, given: Given, token: str) -> Any:
    """Save it and say thanks; two at once of one visit count once."""

    def work() -> None:
        place = place_of(db.session(), known)
        if place is not None:
            rate(db.session(), place, given)

    try:
        with acting_as(SYSTEM):
            write(db.session, work)
    except (IntegrityError, RuleError):
        db.session.rollback()
    return redirect(url_for("VisitorRating.done", back=token if request.args.get("kiosk") else None))


def _page(template: str, **values: Any) -> str:
    """Never kept by a browser or a proxy."""
    return render_template(template, **values)
