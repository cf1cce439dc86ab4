"""登记来访: one page for a call or visit of a new customer, a known one, or one without a number (未留电)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, jsonify, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.lookup import known_number, look_up
from app.features.customers.models import KNOWN_NUMBER, Customer
from app.features.customers.rotation.effects.queues import places_of
from app.features.customers.rotation.effects.registering import turn_to_register
from app.features.customers.views.history import history_card
from app.features.customers.views.reception_form import DESK, Scene, reception_page, wanted
from app.features.customers.views.reception_saving import save
from app.kernel.addresses import id_of
from app.kernel.chinese import parse_phone
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound, RuleError
from app.kernel.screens.display import lookup_names, moment
from app.kernel.screens.inputs import Parsed, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.search import proposed_ids
from app.kernel.words import shown

OFFERED = 8  # customers that the type-ahead lists


class ReceptionView(BaseView):
    """/reception — consultants, assistants, supervisors and clerks."""

    route_base = "/reception"
    default_view = "form"
    posts: ClassVar = dict.fromkeys(("form", "phone", "find", "history", "menu_access"), REGISTRARS)

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("form")
    def form(self) -> Any:
        """The page; what was typed stays when something is refused. ?turn= leads here from the rotation, ?customer= from a page."""
        scene = _scene()
        if request.method == "GET":
            return _answer(scene, None)
        parsed = parse(db.session(), list(wanted(scene).values()), request.form)
        if scene.customer is not None:
            for name in ("phone", "name", "no_phone_reason"):
                parsed.errors.pop(name, None)  # of a known customer nothing of this is taken
        if parsed.errors:
            return _answer(scene, parsed, status=422)
        try:
            location = once(
                db.session, scene.actor.person_id, request.form.get("_key", ""), body_digest(request.form.items(multi=True)),
                lambda: save(_scene(), parsed.values),
            )  # fmt: skip
        except RuleError as error:
            return _refused(_scene(), parsed, error)
        flash(_("已登记"), "success")
        return redirect(location)

    @expose("/phone", methods=["POST"])
    @has_access
    @permission_name("phone")
    def phone(self) -> Any:
        """Is a number registered? By POST: the number stands in no address and no server log (02 §2.5.2)."""
        actor, project_id = me(), _project()
        number = parse_phone(request.form.get("phone", ""), field="phone")
        found = look_up(db.session, actor, project_id, number)
        if found.refusal is None:
            return jsonify(known=False, text=_("新号码，可以登记"), url="")
        customer = found.customer
        url = f"/reception/?customer={customer.id}" if customer is not None else ""
        return jsonify(known=True, text=shown(str(found.refusal)), url=url)

    @expose("/find", methods=["POST"])
    @has_access
    @permission_name("find")
    def find(self) -> Any:
        """Customers within the actor's rows by number, last four digits, name, pinyin or initials; by POST as above."""
        actor, project_id = me(), _project()
        q = request.form.get("q", "").replace("\x00", "").strip()[:50]
        if len(q) < (4 if q.isdigit() else 1):
            return jsonify(results=[])
        ids, _cut = proposed_ids(db.session, actor, Customer, q)
        query = _comers(project_id).where(Customer.id.in_(ids))
        rows = db.session.scalars(query.order_by(Customer.last_contact_at.desc()).limit(OFFERED))
        found = list(rows)
        names = lookup_names("person", {c.owner_id for c in found if c.owner_id is not None})
        return jsonify(results=[_offered(customer, names) for customer in found])

    @expose("/history/<int:pk>")
    @has_access
    @permission_name("history")
    def history(self, pk: int) -> Any:
        """The short history of a customer, to stand beside the form."""
        return render_template("reception/history.html", card=history_card(_customer(pk), me()))


def _scene() -> Scene:
    """Who asks for what. Raises NotFound for a foreign customer or turn."""
    actor, project_id = me(), _project()
    given = request.values
    places = tuple(place.name for place in places_of(db.session, project_id))
    customer_id = id_of(given.get("customer_id") or given.get("customer"))
    customer = _customer(customer_id) if customer_id else None
    turn_id, desk = id_of(given.get("turn")), actor.holds(DESK, project_id)
    turn = turn_to_register(db.session, actor, project_id, turn_id, desk=desk) if turn_id else None
    return Scene(actor, project_id, places, customer, turn)


def _project() -> int:
    project_id = current_project_id()
    if project_id is None:
        raise NotFound("project")
    return project_id


def _comers(project_id: int) -> Select[Any]:
    """Whoever may come again: nobody knows any more who an anonymised customer was."""
    return select(Customer).where(Customer.project_id == project_id, Customer.anonymised_at.is_(None))


def _customer(pk: int) -> Customer:
    found = db.session.scalars(_comers(_project()).where(Customer.id == pk)).first()
    if found is None:
        raise NotFound("customer")
    return found


def _answer(scene: Scene, parsed: Parsed | None, errors: tuple[str, ...] = (), status: int = 200) -> Any:
    page = reception_page(scene, parsed, errors)
    return render_template("reception/form.html", page=page, known=scene.customer), status


def _refused(scene: Scene, parsed: Parsed, error: RuleError) -> Any:
    """The form again with the refusal at its place. Whoever lost a race for a number reads now whose it is."""
    if str(error) == KNOWN_NUMBER and parsed.values.get("phone"):
        number = parse_phone(parsed.values["phone"], field="phone")
        error = known_number(db.session, scene.actor, scene.project_id, number).refusal or error
    field = error.field if error.field in parsed.values else "phone" if error.field == "phone" else None
    if field is None:
        return _answer(scene, parsed, (shown(str(error)),), error.status)
    parsed.refuse(field, shown(str(error)))
    return _answer(scene, parsed, status=error.status)


def _offered(customer: Customer, names: dict[int, str]) -> dict[str, Any]:
    owner = names.get(customer.owner_id or 0, _("公海"))
    note = f"{customer.phones_masked}　{owner}　{moment(customer.last_contact_at)}"
    return {
        "id": customer.id,
        "text": f"{customer.name}　{_(customer.grade.label)}",
        "name": customer.name,
        "grade": customer.grade.value,
        "note": note,
    }
