"""Pages that take more than a form: their own limit of bytes, only for people who are signed in and hold a post."""

from __future__ import annotations

from flask import request

LARGE: dict[str, int] = {}


def allow(endpoint: str, most: int) -> None:
    """Let the body of requests to an endpoint («FilesView.upload») be as large as this; all others keep MAX_CONTENT_LENGTH."""
    LARGE[endpoint] = most


def admit() -> None:
    """Called at the door, before anything reads the form."""
    if request.endpoint in LARGE:
        request.max_content_length = LARGE[request.endpoint]
