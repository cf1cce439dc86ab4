"""The history of the schema is one line, and the names of its files tell its order."""

from __future__ import annotations

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app import schema_line
from app.commands.schema_versions import next_name
from config import ROOT


def test_one_line_in_the_order_of_the_file_names():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1, script.get_heads()
    told = [revision.path.rsplit("/", 1)[-1] for revision in script.walk_revisions()][::-1]
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("known", "message", "name"),
    [
        (["0061_chips", "0059_one_household"], "umbrellas: lent on rainy days", "0062_umbrellas"),
        ([], "initial", "0001_initial"),
        (["26ce582b7581"], "a hash is no number", "0001_a_hash_is_no_number"),
        (["0009_x"], "中文", "0010_schema"),
        (["0098_x"], "a very long message without any colon in it", "0099_a_very_long_message_without"),
    ],
)
def test_the_next_one_is_named_by_its_number(known, message, name):
    assert next_name(known, message) == name
    assert len(name) <= 32


def test_the_line_is_told_without_alembic():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    told = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    assert schema_line.revisions(ROOT / "migrations") == told
