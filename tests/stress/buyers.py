"""Buyers over HTTP: signed-in consultants who lock units, give some back, and repeat a request that got no answer."""

from __future__ import annotations

import html
import http.client
import random
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.factories import PASSWORD
from tests.stress.history import FAIL, INFO, LOCK, OK, RELEASE, History, Operation

PATIENCE = 15  # seconds without an answer, then it is unknown what happened
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
REFUSAL = re.compile(r'role="alert"[^>]*>(.*?)</div>', re.DOTALL)
SHOWN = re.compile(r"/reservation/show/(\d+)$")
NO_ANSWER = (OSError, http.client.HTTPException)
TRIES = 4


@dataclass
class Answer:
    """status, where it leads («» without redirect), body as text."""

    status: int
    location: str
    text: str


class Visitor:
    """One browser without a screen: cookies and the token of its forms."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def sign_in(self, login: str, form_path: str) -> None:
        """Through the real form; form_path is a page whose form gives the token of this sign-in."""
        self.token = self._token_of("/login/")
        answer = self.ask("POST", "/login/", {"username": login, "password": PASSWORD})
        assert answer.status == 302, f"{login} could not sign in: {answer.status}"
        self.token = self._token_of(form_path)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own. Raises one of NO_ANSWER when none comes."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode({"csrf_token": self.token, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            text = reply.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in reply.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: part.value for name, part in SimpleCookie(line).items()})
        return Answer(reply.status, reply.headers.get("Location") or "", text)

    def _token_of(self, path: str) -> str:
        answer = self.ask("GET", path)
        found = TOKEN.search(answer.text)
        assert answer.status == 200 and found, f"{path}: {answer.status}, no token"
        return html.unescape(found[1])


def refusal_in(text: str) -> str:
    """The sentence beside the form that came back."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(part)).strip() for part in REFUSAL.findall(text))


@dataclass
class Buyer:
    """A consultant with his customer. run() works until `over` is set; what breaks him stays in `error`."""

    visitor: Visitor
    person_id: int
    customer_id: int
    unit_ids: list[int]
    chance: random.Random
    history: History
    over: threading.Event
    mine: list[Operation] = field(default_factory=list)
    error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.over.is_set():
                if self.mine and self.chance.random() < 0.6:
                    self._release(self.mine.pop(self.chance.randrange(len(self.mine))))
                else:
                    self._lock(self.chance.choice(self.unit_ids))
        except BaseException as error:  # noqa: BLE001 - the test that started the thread raises it
            self.error = error

    def _lock(self, unit_id: int) -> None:
        path, form = f"/lock/{unit_id}", {"customer_id": str(self.customer_id)}
        done = self._send(Operation(LOCK, unit_id, self.person_id, self.customer_id, "", 0.0), path, form)
        if done.outcome == OK:
            self.mine.append(done)

    def _release(self, lock: Operation) -> None:
        asked = Operation(RELEASE, lock.unit_id, self.person_id, self.customer_id, "", 0.0, lock.order_id)
        self._send(asked, f"/reservation/step/release/{lock.order_id}", {"note": "客户再考虑"})

    def _send(self, operation: Operation, path: str, form: dict[str, str]) -> Operation:
        """Sends it with a new key; without an answer mostly again with the same key, sometimes not: then it stays info."""
        operation.key, operation.invoked = secrets.token_hex(16), time.monotonic()
        self.history.invoke(operation)
        while operation.tries < TRIES:
            operation.tries += 1
            start = time.monotonic()
            try:
                answer = self.visitor.ask("POST", path, {**form, "_key": operation.key})
            except NO_ANSWER:
                if self.chance.random() < 0.3:
                    break
                continue
            operation.answered = time.monotonic()
            operation.waits.append(operation.answered - start)
            self._note(operation, answer)
            break
        return operation

    @staticmethod
    def _note(operation: Operation, answer: Answer) -> None:
        operation.status = answer.status
        shown = SHOWN.search(answer.location)
        if answer.status == 302 and shown:
            operation.outcome = OK
            if operation.kind == LOCK:
                operation.order_id = int(shown[1])
            assert operation.order_id == int(shown[1]), "the answer leads to another order"
        elif answer.status in (409, 422):
            operation.outcome, operation.sentence = FAIL, refusal_in(answer.text)
        else:
            operation.outcome = INFO
            operation.sentence = f"{answer.status} {answer.location} {refusal_in(answer.text)}".strip()
