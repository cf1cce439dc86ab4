"""./anchang worker: the one process that does periodic work (expiry, sealing) and the tasks that people ask for."""

from __future__ import annotations

import fcntl
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask import Flask

from app.commands.console import say, site
from app.extensions import db
from app.kernel.errors import RuleError
from app.kernel.jobs import JOBS, run_due
from app.kernel.outbox.postman import Postman

PAUSE_SECONDS = 1.0
log = logging.getLogger(__name__)


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Held while a worker runs; freed by the system when it dies. Raises RuleError when another one runs."""
    with (data / "worker.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuleError("已有一个后台进程在处理 {data}，不需要再启动。", data=data) from error
        yield


def work(app: Flask, parent: int) -> None:
    """Runs what is due, with tasks and the postman beside it, until asked to stop or until the parent process is gone."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True  # the job under way ends first

    def listen() -> None:
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    listen()
    with app.app_context(), only_one(Path(app.config["DATA_DIR"])):
        consumer = app.extensions["anchang_queue"].consumer()
        postman = Postman(app)
        consumer.start()
        postman.start()
        listen()  # again: the consumer has set its own
        while not stopping and os.getppid() == parent:
            run_due(db.session)
            time.sleep(PAUSE_SECONDS)
        consumer.stop(graceful=True)  # the task under way ends first
        postman.stop()


def start_beside(app: Flask) -> None:
    """A worker as child of the server that is about to start; it ends with it. For the demo, where one command does all."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # no connection passes to the child
    context = multiprocessing.get_context("fork")
    context.Process(target=_child, args=(app, os.getpid()), daemon=True).start()


def _child(app: Flask, parent: int) -> None:
    try:
        work(app, parent)
    except RuleError as refusal:
        log.warning("%s", refusal)


@click.command("worker")
def worker() -> None:
    """运行后台进程：定时工作（到期释放、审批催办、审计封存）、排队的任务（大批导出、导入）和邮件、群消息。"""
    with site() as app:
        say(f"后台进程已启动，共 {len(JOBS)} 项定时工作。")
        work(app, os.getppid())
