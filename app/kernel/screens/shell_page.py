"""What stands around every page: who I am, which project, what waits for me."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.kernel.screens.parts import Html


@dataclass(frozen=True)
class ProjectChoice:
    """A project that the person may work in."""

    id: int
    name: str
    current: bool = False


@dataclass(frozen=True)
class Shell:
    """The context variable `shell` of every signed-in page.

    counts: red numbers beside menu entries, by the entry's name. switch_url: POST project=ID and next=PATH.
    notice: a line above every page (acting for somebody, a test system); empty as a rule.
    """

    user_name: str
    post: str = ""
    project: str = ""
    projects: tuple[ProjectChoice, ...] = ()
    switch_url: str = ""
    unread: int = 0
    notices_url: str = "/notices"
    search_url: str = "/search"
    profile_url: str = ""
    password_url: str = ""
    logout_url: str = ""
    help_url: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    notice: Html = ""
