"""The history of the schema is one line, and the names of its files tell its order."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory

from config import ROOT


def test_one_line_in_the_order_of_the_file_names():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1, script.get_heads()
    told = [revision.path.rsplit("/", 1)[-1] for revision in script.walk_revisions()][::-1]
    assert told == sorted(told)
