"""Every act that is written in the journal has a French name."""

import ast
from collections.abc import Iterator
from pathlib import Path

from core.kernel import discovery, journal

ROOT = Path(__file__).resolve().parents[3]


def written(path: Path) -> Iterator[str]:
    """Codes given to `journal.record` and `journal.read`, as strings or by a constant of the module."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if ast.unparse(node.func) not in ("journal.record", "journal.read"):
            continue
        (act,) = [keyword.value for keyword in node.keywords if keyword.arg == "act"]
        for part in ast.walk(act):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value:
                yield part.value
            elif isinstance(part, ast.Name) and part.id in constants:
                yield constants[part.id]


def test_every_act_has_a_name() -> None:
    named = journal.acts()
    found = {
        code: path.relative_to(ROOT)
        for room in ("core", *(f"plugins/{plugin.slug}" for plugin in discovery.installed().plugins))
        for path in (ROOT / room).rglob("*.py")
        for code in written(path)
    }
    assert {code: path for code, path in found.items() if code not in named} == {}
    assert len(found) >= 10
    for code, act in named.items():
        assert code == act.code
        assert str(act.label)[:1].isupper(), code
