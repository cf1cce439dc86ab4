"""A small site on the stock framework, as its documentation shows it: what the repairs of ours are measured against.

It lives in a process of its own (probe.py), because the framework keeps state in its classes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, g
from flask_appbuilder import AppBuilder, Model, ModelView, action
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.filters import FilterEqualFunction
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.manager import BaseSecurityManager
from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

PASSWORD = "stock-password"
CUSTOMERS = 300


class Customer(Model):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    owner: Mapped[str] = mapped_column(String(50))
    id_no: Mapped[str] = mapped_column(String(20))

    def __repr__(self) -> str:
        return self.name


class Contract(Model):
    __tablename__ = "contract"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(50))
    owner: Mapped[str] = mapped_column(String(50))
    state: Mapped[str] = mapped_column(String(20), default="open")
    secret: Mapped[str] = mapped_column(String(20), default="1101")
    signed_at: Mapped[Any] = mapped_column(DateTime, nullable=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship()

    def __repr__(self) -> str:
        return self.title


def me() -> str:
    return str(g.user.username)


class ContractView(ModelView):
    datamodel = SQLAInterface(Contract)
    list_columns = ["title", "state"]  # noqa: RUF012 - as the framework's documentation shows it
    show_columns = ["title", "state"]  # noqa: RUF012 - as the framework's documentation shows it
    add_columns = edit_columns = ["title", "owner", "signed_at", "customer"]  # noqa: RUF012 - as the framework's documentation shows it
    base_filters = [["owner", FilterEqualFunction, me]]  # noqa: RUF012 - as the framework's documentation shows it

    @action("sign", "Sign", "Really?", "fa-check")
    def sign(self, rows: Any) -> Any:
        for row in rows if isinstance(rows, list) else [rows]:
            row.state = "signed"
            self.datamodel.edit(row)
        return "done"


class CustomerView(ModelView):
    datamodel = SQLAInterface(Customer)
    list_columns = show_columns = ["name"]  # noqa: RUF012 - as the framework's documentation shows it
    related_views = [ContractView]  # noqa: RUF012 - as the framework's documentation shows it


def make(folder: Path, **more: Any) -> Flask:
    """The site with its rows and two users: «anna» owns contract 1, «bert» contract 2; «lena» may see customers only."""
    app = Flask("stock")
    app.config.update(
        SECRET_KEY="x" * 40, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/stock.db", WTF_CSRF_ENABLED=False, UPLOAD_FOLDER=str(folder),
        FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1", RATELIMIT_STORAGE_URI="memory://", **more,
    )  # fmt: skip
    db = SQLA(metadata=Model.metadata)
    db.init_app(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.add_view(CustomerView, "Customers")
        builder.add_view(ContractView, "Contracts")
        db.create_all()
        BaseSecurityManager.create_db(builder.sm)
        _people(builder)
        for number in range(1, CUSTOMERS + 1):
            db.session.add(
                Customer(name=f"Customer-{number:03}", owner="anna" if number % 2 else "bert", id_no=f"1101{number:04}")
            )
        db.session.flush()
        db.session.add_all(
            [
                Contract(title="of anna", owner="anna", customer_id=1, state="open", secret="1101"),
                Contract(title="of bert", owner="bert", customer_id=2, state="open", secret="2202"),
                Contract(title="of lena", owner="lena", customer_id=1, state="open", secret="3303"),
            ]
        )
        db.session.commit()
    return app


def _people(builder: Any) -> None:
    sm = builder.sm
    sales, looker = sm.add_role("sales"), sm.add_role("looker")
    for view, names in (
        ("ContractView", ("list", "show", "add", "edit", "delete", "download")),
        ("CustomerView", ("list", "show")),
    ):
        for name in names:
            sm.add_permission_role(sales, sm.add_permission_view_menu(f"can_{name}", view))
    sm.add_permission_role(sales, sm.add_permission_view_menu("sign", "ContractView"))
    sm.add_permission_role(sales, sm.add_permission_view_menu("can_this_form_get", "ResetMyPasswordView"))
    sm.add_permission_role(sales, sm.add_permission_view_menu("can_this_form_post", "ResetMyPasswordView"))
    for name in ("list", "show"):
        sm.add_permission_role(looker, sm.add_permission_view_menu(f"can_{name}", "CustomerView"))
    for username, role in (("anna", sales), ("bert", sales), ("lena", looker)):
        sm.add_user(username, username, "x", f"{username}@example.com", role, password=PASSWORD)
