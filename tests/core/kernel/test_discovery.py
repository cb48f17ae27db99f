"""Manifests: what cannot be used is put aside with its reason, and strict mode refuses."""

from importlib.metadata import EntryPoint

import pytest

from core.contracts.plugin import Plugin
from core.kernel import discovery


def manifest(slug: str, **changes: object) -> Plugin:
    values = {
        "name": slug,
        "summary": "",
        "audience": frozenset(),
        "requires_core": ">=1.0",
        "owner": "test",
        "django_apps": (),
    }
    return Plugin(slug=slug, **(values | changes))  # type: ignore[arg-type]


class Point(EntryPoint):
    """An entry point whose object is at hand."""

    def load(self) -> object:
        return FOUND[self.name]()


FOUND: dict[str, object] = {}


def points(**found: object) -> list[EntryPoint]:
    FOUND.clear()
    FOUND.update(found)
    return [Point(name, f"{name}:plugin", discovery.ENTRY_POINT_GROUP) for name in found]


def raises() -> Plugin:
    raise ImportError("no module named nowhere")


def test_dependencies_come_first() -> None:
    found = discovery.discover(points(a=lambda: manifest("a", depends_on=("b",)), b=lambda: manifest("b")))
    assert [plugin.slug for plugin in found.plugins] == ["b", "a"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (raises, "ImportError: no module named nowhere"),
        (lambda: "a string", "not a Plugin"),
        (lambda: manifest("other"), "the manifest says “other”"),
        (lambda: manifest("x", requires_core=">=99"), "requires core >=99"),
        (lambda: manifest("x", requires_core="about 1"), "requires_core"),
        (lambda: manifest("x", depends_on=("nowhere",)), "depends on nowhere"),
        (lambda: manifest("x", depends_on=("x",)), "depends on x"),
    ],
)
def test_a_broken_plugin_is_put_aside_and_the_others_live(broken: object, reason: str) -> None:
    found = discovery.discover(points(fine=lambda: manifest("fine"), x=broken))
    assert [plugin.slug for plugin in found.plugins] == ["fine"]
    assert [item.slug for item in found.quarantined] == ["x"]
    assert reason in found.quarantined[0].reason


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(discovery, "entry_points", lambda group: points(a=lambda: manifest("a"), b=raises))
    for name in ("PARVIS_PLUGINS_BLOCKED", "PARVIS_PLUGINS_ONLY", "PARVIS_PLUGINS_STRICT"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_safe_mode_blocks(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PARVIS_PLUGINS_BLOCKED", "a, b")
    assert discovery.installed.__wrapped__().plugins == ()
    environment.setenv("PARVIS_PLUGINS_BLOCKED", "*")
    assert discovery.installed.__wrapped__().plugins == ()


def test_only_keeps_the_named_ones(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PARVIS_PLUGINS_ONLY", "a")
    found = discovery.installed.__wrapped__()
    assert [plugin.slug for plugin in found.plugins] == ["a"] and not found.quarantined


def test_strict_mode_refuses(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PARVIS_PLUGINS_STRICT", "1")
    with pytest.raises(discovery.PluginError, match="b: ImportError"):
        discovery.installed.__wrapped__()
