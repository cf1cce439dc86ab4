"""The import law and the habits of the house, checked on the source (03 «Import law», §3.4)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from config import ROOT

APP = ROOT / "app"
LAYERS = ("models", "rules", "effects", "states", "views")
BELOW_VIEWS = ("models", "rules", "effects", "states")
FLOOR_OF = {
    "flask": 2,
    "flask_appbuilder": 1,
    "flask_babel": 2,
    "flask_login": 2,
    "flask_wtf": 2,
    "wtforms": 2,
    "sqlalchemy": 1,
}
WEB_PARTS = (
    "flask_appbuilder.security",
    "flask_appbuilder.views",
    "flask_appbuilder.baseviews",
    "flask_appbuilder.api",
)
PURE = ("money", "chinese", "calendar", "states", "posts", "errors")
WITHOUT_FLASK = ("base", "columns", "transactions", "workflow", "scope", "audit", "numbering", "search", "notices")
BANNED_NAMES = ("util", "utils", "helper", "helpers", "common", "misc", "manager")
MAX_LINES, MAX_FUNCTION_LINES = 300, 40
UNSAFE = re.compile(r"[\w)\]]\s*\|\s*safe\b")  # a value marked safe; a literal may be


@dataclass(frozen=True)
class Import:
    """One import: target module as written, and its line."""

    target: str
    line: int


def sources() -> list[Path]:
    return sorted(path for path in [*APP.rglob("*.py"), ROOT / "config.py"])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def module_of(path: Path) -> str:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Every import of a file, inside functions too; `from a import b` counts as a and as a.b. Type-only ones do not count."""
    found = []
    for node in _outside_type_checking(tree(path)):
        if isinstance(node, ast.Import):
            found += [Import(name.name, node.lineno) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}:{node.lineno} relative import"
            found += [
                Import(node.module, node.lineno),
                *(Import(f"{node.module}.{n.name}", node.lineno) for n in node.names),
            ]
    return tuple(found)


def _outside_type_checking(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from _outside_type_checking(child)


def place(module: str) -> tuple[str, str]:
    """(feature, layer) of a module of app.features; ("", "") elsewhere. A layer may be a package (views/list.py)."""
    parts = module.split(".")
    if parts[:2] != ["app", "features"] or len(parts) < 3:
        return "", ""
    return parts[2], next((part for part in parts[3:] if part in LAYERS), "")


def paper_of(module: str) -> str:
    """The package that the layers of one document share: app.features.deals.contracts of …contracts.rules."""
    parts = module.split(".")
    cut = next((number for number, part in enumerate(parts) if part in LAYERS), len(parts))
    return ".".join(parts[:cut])


def direct_floor(path: Path) -> int:
    """Kernel floor by outside imports: 0 pure, 1 SQLAlchemy, 2 Flask. FAB's Model alone is floor 1."""
    floor = 0
    for found in imports(path):
        top = found.target.split(".")[0]
        floor = max(floor, FLOOR_OF.get(top, 0), 2 if found.target.startswith(WEB_PARTS) else 0)
    return floor


def refusals(check) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{found.line} imports {found.target}"
        for path in sources()
        for found in imports(path)
        if check(module_of(path), found.target)
    ]


def test_the_kernel_knows_no_feature():
    above = ("app.features", "app.registry", "app.commands", "app.demo", "app.extensions", "config")
    assert not refusals(lambda module, target: module.startswith("app.kernel") and target.startswith(above[0]))
    lower = {f"app.kernel.{name}" for name in (*PURE, *WITHOUT_FLASK)}
    assert not refusals(lambda module, target: module in lower and target.startswith(above))


def floor_below(module: str, seen: set[str]) -> int:
    """The highest floor that a kernel module reaches through the kernel."""
    path = next((path for path in sources() if module_of(path) == module), None)
    if path is None or module in seen:
        return 0
    seen.add(module)
    inner = {found.target for found in imports(path) if found.target.startswith("app.kernel.")}
    return max([direct_floor(path), *(floor_below(target, seen) for target in inner)])


def test_a_kernel_floor_reaches_only_its_own_or_lower_floors():
    assert not [name for name in PURE if floor_below(f"app.kernel.{name}", set()) > 0]
    assert not [name for name in WITHOUT_FLASK if floor_below(f"app.kernel.{name}", set()) > 1]


def test_inside_a_feature_the_later_imports_the_earlier():
    def backwards(module: str, target: str) -> bool:
        (own, layer), (other, other_layer) = place(module), place(target)
        if not layer or not other_layer or own != other or paper_of(module) != paper_of(target):
            return False
        return LAYERS.index(other_layer) > LAYERS.index(layer)

    assert not refusals(backwards)


def test_a_feature_imports_only_earlier_features_and_never_their_views():
    from app.registry import FEATURES

    order = [feature.__name__.rsplit(".", maxsplit=1)[-1] for feature in FEATURES]

    def forbidden(module: str, target: str) -> bool:
        (own, _), (other, layer) = place(module), place(target)
        if not own or not other or own == other:
            return False
        unknown_or_later = other not in order or (own in order and order.index(other) > order.index(own))
        return layer == "views" or (own in order and unknown_or_later)

    assert not refusals(forbidden)


def test_below_views_nothing_knows_flask():
    web = ("flask", "flask_login", "flask_babel", "flask_wtf", "wtforms", "app.extensions")

    def knows_web(module: str, target: str) -> bool:
        top = target if target.startswith("app.") else target.split(".")[0]
        return place(module)[1] in BELOW_VIEWS and (top in web or target.startswith(WEB_PARTS))

    assert not refusals(knows_web)


def test_names_say_what_a_module_is():
    assert not [module_of(path) for path in sources() if path.stem in BANNED_NAMES or path.parent.name in BANNED_NAMES]


def test_files_and_functions_stay_readable():
    long_files = [module_of(path) for path in sources() if len(path.read_text("utf-8").splitlines()) > MAX_LINES]
    assert not long_files
    long_functions = [
        f"{module_of(path)}.{node.name}: {node.end_lineno - node.lineno + 1}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert not long_functions


def assigns_state(node: ast.AST) -> bool:
    """`something.state = …`, but not a value object's own `self.state = …`."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(
        isinstance(t, ast.Attribute) and t.attr == "state" and getattr(t.value, "id", "") != "self" for t in targets
    )


def test_no_feature_assigns_a_state():
    """Documents move by kernel/workflow.py alone; the kernel's approvals keep the state of their own requests."""
    wrong = [
        f"{module_of(path)}:{node.lineno}"
        for path in sources()
        if module_of(path).startswith("app.features")
        for node in ast.walk(tree(path))
        if assigns_state(node)
    ]
    assert not wrong


def test_no_text_is_marked_safe_by_pasting():
    """Markup(f"…") lets stored text become HTML; Markup("…{}").format(x) escapes it (04 §2.3)."""
    wrong = [
        f"{module_of(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Markup"
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert not wrong
    assert not [path for path in (APP / "templates").rglob("*.html") if UNSAFE.search(path.read_text("utf-8"))]


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("import a.b", ["a.b"]),
        ("from a import b", ["a", "a.b"]),
        ("def f():\n    import flask", ["flask"]),
        ("if TYPE_CHECKING:\n    import flask\nimport x", ["x"]),
    ],
)
def test_the_checker_sees_imports(tmp_path, source, targets):
    path = tmp_path / "sample.py"
    path.write_text(source, "utf-8")
    assert [found.target for found in imports(path)] == targets


def test_the_checker_knows_places():
    assert place("app.features.deals.contracts.rules") == ("deals", "rules")
    assert place("app.features.deals") == ("deals", "")
    assert place("app.kernel.money") == ("", "")
    assert paper_of("app.features.deals.contracts.views.lists") == "app.features.deals.contracts"
