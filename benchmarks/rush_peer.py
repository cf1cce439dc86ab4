"""The peer of the rush benchmark: the same flow in a Django view — who is signed in, the guarded change, the order, its note.

Run as `python -m benchmarks.rush_peer DATABASE-URL`: for each line [homes, customers] it prints [seconds, seconds of CPU, waits, sold].
"""

from __future__ import annotations

import json
import sys
from dataclasses import astuple
from typing import Any

from benchmarks import django_peer
from benchmarks.rush import GUARDED, NOTED, ORDERED, passed


def _placed(statement: str) -> str:
    return statement.replace(":home", "%(home)s").replace(":customer", "%(customer)s")


def lock(request: Any, home: int) -> Any:
    """POST customer_id: 302 for the buyer who gets the home, 409 for him who comes too late."""
    from django.db import connections, transaction
    from django.http import HttpResponse, HttpResponseRedirect

    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    values = {"home": home, "customer": int(request.POST["customer_id"])}
    with transaction.atomic("site"), connections["site"].cursor() as cursor:
        cursor.execute(_placed(GUARDED), values)
        if cursor.rowcount != 1:
            return HttpResponse("已被认购", status=409)
        cursor.execute(_placed(ORDERED), values)
        cursor.execute(_placed(NOTED), values)
    return HttpResponseRedirect(f"/order/{home}")


def _durable(url: str) -> None:
    """SQLite as ours is set up: a write-ahead log, every commit on the disk, the write begun at once."""
    if url.startswith("sqlite"):
        from django.conf import settings

        settings.DATABASES["site"]["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        }  # fmt: skip


def main(url: str) -> None:
    """Measure and print, line by line."""
    django_peer.configure(url, urls="benchmarks.rush_peer")
    _durable(url)
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from django.urls import path

    globals()["urlpatterns"] = [path("lock/<int:home>", lock)]
    call_command("migrate", verbosity=0, run_syncdb=True)
    client = Client()
    client.force_login(get_user_model().objects.create_user("bench"))

    def ask(home: int, customer: int) -> bool:
        status = client.post(f"/lock/{home}", {"customer_id": customer}).status_code
        if status not in (302, 409):
            raise RuntimeError(f"/lock/{home}: {status}")
        return bool(status == 302)

    for line in sys.stdin:
        homes, customers = json.loads(line)
        sys.stdout.write(json.dumps(astuple(passed(ask, homes, customers))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.modules.setdefault("benchmarks.rush_peer", sys.modules[__name__])
    main(sys.argv[1])
