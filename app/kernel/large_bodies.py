"""Pages that take more than a form: their own limit of bytes, only for people who are signed in and hold a post."""

from __future__ import annotations

from flask import request

from app.kernel.actors import current_actor

LARGE: dict[str, int] = {}
TAKEN = 120 << 20  # bytes of a refused body that are taken in and thrown away: a little more than any page allows
PIECE = 1 << 16


def allow(endpoint: str, most: int) -> None:
    """Let the body of requests to an endpoint («FilesView.upload») be as large as this; all others keep MAX_CONTENT_LENGTH."""
    LARGE[endpoint] = most


def admit() -> None:
    """Called at the door, before anything reads the form."""
    if request.endpoint in LARGE:
        request.max_content_length = LARGE[request.endpoint]


def take_in() -> None:
    """Let a signed-in person's browser send the rest of a body that is refused: on a connection that is closed before, the answer
    is lost, and he reads «连接已重置» instead of what is wrong."""
    left = min(request.content_length or 0, TAKEN) if current_actor() is not None else 0
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, PIECE))):
        left -= len(piece)
