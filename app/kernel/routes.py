"""The site's routes: what builds an address is compiled when it is asked for: a third of making the app (04 F10)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule of which a process compiles the builders that it uses: few of the thousands, none in a command."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: Callable[..., tuple[str, str]] | None = None
        compiled = super()._compile_builder

        def build(rule: LateRule, /, **values: str) -> tuple[str, str]:
            nonlocal made
            if made is None:
                made = compiled(append_unknown)
            return made(rule, **values)

        return build


def install(app: Flask) -> None:
    """Before the app gets its routes."""
    app.url_rule_class = LateRule
