"""The queue hands numbers on: through its file to a worker's thread, and through Redis when the site names one."""

from __future__ import annotations

import signal
import time
from types import SimpleNamespace

from app.kernel.actors import acting_as
from app.kernel.posts import Post
from app.kernel.tasks.asking import ask_for
from app.kernel.tasks.queue import Queue
from app.kernel.tasks.records import Outcome, Task, TaskState
from app.kernel.tasks.running import KINDS


def test_a_task_goes_through_the_queue_to_the_worker(app, session, people, monkeypatch):
    clerk = people.add(session, "clerk", Post.CLERK)
    monkeypatch.setitem(KINDS, "sample", lambda run: Outcome("好", done=1))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    consumer = app.extensions["anchang_queue"].consumer()
    consumer.start()
    try:
        with acting_as(clerk):
            task_id = ask_for(session, clerk, "sample", "样例任务", {}).id
        until = time.monotonic() + 120
        while session.get(Task, task_id).state is not TaskState.DONE:
            assert time.monotonic() < until
            time.sleep(0.05)
            session.rollback()
    finally:
        consumer.stop(graceful=True)
        for number, handler in before.items():
            signal.signal(number, handler)


def test_with_a_redis_address_the_queue_is_there(tmp_path):
    for url, kind in (("", "SqliteHuey"), ("redis://127.0.0.1:1/0", "RedisHuey")):
        site = SimpleNamespace(config={"REDIS_URL": url, "DATA_DIR": str(tmp_path)})
        assert type(Queue(site, int)._open()).__name__ == kind
