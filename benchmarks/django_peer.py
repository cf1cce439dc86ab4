"""The peer of the list benchmark: a stock Django admin on the same rows, asked by its own test client.

Run as `python -m benchmarks.django_peer DATABASE-URL` in a process of its own: for each path that it reads it asks the page once and
prints [milliseconds, milliseconds of CPU] as a JSON line.
Its accounts and sign-ins live in a database of their own in memory.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

from benchmarks.measuring import timed

TABLE = "bench_peer"  # the customers with their numbers in plain text, which our own table does not have


def site_database(url: str) -> dict[str, Any]:
    """Django's words for one of our database addresses."""
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:///")}
    where = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": parts.path.strip("/"), "USER": parts.username or "",
        "HOST": where.get("host", parts.hostname or "").replace("%2F", "/"), "PORT": str(parts.port or ""),
    }  # fmt: skip


class ToSite:
    """Customers are read from the measured database, everything else lives in the peer's own."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return "site" if model._meta.db_table == TABLE else "default"

    db_for_write = db_for_read


def configure(url: str, urls: str = __name__) -> None:
    """A stock admin project in one module; urls: the module with its addresses."""
    settings.configure(
        SECRET_KEY=secrets.token_hex(), ALLOWED_HOSTS=["*"], ROOT_URLCONF=urls, USE_TZ=False, DEBUG=False,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}, "site": site_database(url)},
        DATABASE_ROUTERS=[f"{__name__}.ToSite"], DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                        "django.contrib.messages"],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
                    "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
                    "django.contrib.messages.middleware.MessageMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
            "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages"]}}],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )  # fmt: skip
    django.setup()


def register() -> None:
    """The customer as a model that Django does not manage, with the list that ours shows: 25 rows, count, filters, search."""
    from django.contrib import admin
    from django.db import models

    def text(length: int = 64) -> Any:
        return models.CharField(max_length=length)

    attributes: dict[str, Any] = {
        "__module__": __name__, "name": text(), "phone": text(), "state": text(), "grade": text(), "source": text(),
        "layout": text(), "owner_id": models.IntegerField(null=True), "last_contact_at": models.DateTimeField(),
        "follow_due_on": models.DateField(null=True), "protected_until": models.DateField(null=True),
        "Meta": type("Meta", (), {"app_label": "auth", "managed": False, "db_table": TABLE, "ordering": ["-id"]}),
    }  # fmt: skip
    customer = type("Customer", (models.Model,), attributes)
    listed = (
        "name",
        "phone",
        "grade",
        "layout",
        "source",
        "owner_id",
        "state",
        "last_contact_at",
        "follow_due_on",
        "protected_until",
    )

    class CustomerAdmin(admin.ModelAdmin):
        list_display = listed
        list_filter = ("grade", "state", "source")
        search_fields = ("name", "phone")
        list_per_page = 25
        show_facets = admin.ShowFacets.NEVER

    admin.site.register(customer, CustomerAdmin)


def asking() -> Callable[[str], None]:
    """Asks a page of the customers' list, signed in as a superuser. Raises RuntimeError for any other answer than 200."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0, run_syncdb=True)
    user = get_user_model().objects.create_superuser("bench", password=secrets.token_hex())
    client = Client()
    client.force_login(user)

    def ask(path: str) -> None:
        answer = client.get(f"/admin/auth/customer/{path}")
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")

    return ask


def main(url: str) -> None:
    """Measure and print, page by page."""
    configure(url)
    register()
    from django.contrib import admin
    from django.urls import path

    globals()["urlpatterns"] = [path("admin/", admin.site.urls)]
    ask = asking()
    for line in sys.stdin:
        taken = timed(lambda path=line.rstrip("\n"): ask(path))  # type: ignore[misc]
        sys.stdout.write(json.dumps([taken.wall, taken.cpu]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.modules.setdefault("benchmarks.django_peer", sys.modules[__name__])
    main(sys.argv[1])
