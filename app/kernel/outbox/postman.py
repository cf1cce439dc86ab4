"""The thread of the worker that sends: a slow server keeps neither the expiry of locks nor anybody's export waiting."""

from __future__ import annotations

import logging
import threading
from typing import Any

from flask import Flask

from app.kernel.outbox.sending import send_due

PAUSE_SECONDS = 2.0
log = logging.getLogger(__name__)


class Postman(threading.Thread):
    """Started and stopped by the worker; the message under way is finished first."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="postman", daemon=True)
        self._app, self._stopping = app, threading.Event()

    def run(self) -> None:
        """Until asked to stop."""
        while not self._stopping.wait(PAUSE_SECONDS):
            with self._app.app_context():
                session: Any = self._app.appbuilder.session  # type: ignore[attr-defined]
                try:
                    send_due(session)
                except Exception:
                    log.exception("the postman stumbled and goes on")
                finally:
                    session.remove()

    def stop(self, seconds: float = 15.0) -> None:
        """Ask to stop and wait for the message under way; what is left undone is taken back at the next start."""
        self._stopping.set()
        self.join(seconds)
