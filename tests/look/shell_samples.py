"""Invented: who is signed in, and the small marks that many samples use."""

from __future__ import annotations

from markupsafe import Markup

from app.kernel.screens import page as p

T = p.Tag
SHELL = p.Shell(
    user_name="周敏",
    post="销售主管",
    project="江畔云庐",
    projects=(p.ProjectChoice(1, "江畔云庐", True), p.ProjectChoice(2, "翠湖壹号")),
    switch_url="/project",
    unread=6,
    password_url="/password",
    profile_url="/me",
    logout_url="/logout",
    help_url="/help",
    counts={"Inbox": 4},
)


def money(text: str) -> p.Html:
    return Markup('<span class="neg">{}</span>').format(text) if text.startswith("−") else text


def tag(label: str, tone: str) -> Markup:
    return Markup('<span class="tag {}">{}</span>').format(tone, label)
