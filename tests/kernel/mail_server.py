"""A small mail server for tests: takes what it is sent, or refuses it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailBox:
    """What arrived; `refusing` is the code that every recipient is answered with."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusing = ""
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation in the words of RFC 5321."""

        def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")

        say("220 test")
        while line := (await reader.readline()).decode():
            verb = line.split(":")[0].split()[0].upper()
            if verb == "DATA":
                say("354 go on")
                self.mails.append(await self._content(reader))
                say("250 taken")
            elif verb == "RCPT" and self.refusing:
                say(f"{self.refusing} no")
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                if verb == "RCPT":
                    self.recipients.append(line.strip())
                say("250 ok")
        writer.close()

    async def _content(self, reader: asyncio.StreamReader) -> EmailMessage:
        content = b""
        while (line := await reader.readline()) != b".\r\n":
            content += line.removeprefix(b".") if line.startswith(b"..") else line
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail


@contextmanager
def running() -> Iterator[MailBox]:
    """The server on a free port of this machine."""
    box, loop = MailBox(), asyncio.new_event_loop()
    ready, servers = threading.Event(), list[asyncio.Server]()

    def serve() -> (
        None
    ):  # in a thread of its own from the start: a browser of the same process has a loop in the main one
        servers.append(loop.run_until_complete(asyncio.start_server(box.talk, "127.0.0.1", 0)))
        ready.set()
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(30)
    box.port = servers[0].sockets[0].getsockname()[1]
    yield box
    loop.call_soon_threadsafe(servers[0].close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
