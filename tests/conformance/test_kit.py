"""The suite sees what it looks for: each kind of fault is planted, and found."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from core.contracts.family import FamilyContext
from core.contracts.navigation import TileItem, family_tiles
from core.kernel import discovery, manager
from core.testing import quality
from core.testing.conformance.context import folder_of
from core.testing.conformance.data import leading_to_people
from core.testing.conformance.french import bare_words
from core.testing.conformance.identity import _types
from core.testing.hooks import HookRaised, hook_raises

PLUGINS = {plugin.slug: plugin for plugin in discovery.installed().plugins}


# Hooks --------------------------------------------------------------------------------------------------------------


def test_a_hook_that_is_typed_otherwise_is_seen() -> None:
    def right(context: FamilyContext) -> list[TileItem]: ...

    def wrong(context: FamilyContext) -> list[str]: ...

    assert _types(right) == _types(family_tiles)
    assert _types(wrong) != _types(family_tiles)


def test_a_hook_can_be_made_to_raise() -> None:
    slug = next(iter(PLUGINS))
    hook = manager.hooks_of(slug)[0]
    with hook_raises(slug, hook), pytest.raises(HookRaised, match=f"{slug}: {hook}"):
        manager.caller(hook, slug)(**dict.fromkeys(("context", "request", "scope", "demo", "event")))


# Texts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Bonjour {{ name }}</p>", ["Bonjour"]),
        ('<a href="/" title="Retour"><b>{% translate "Retour" %}</b></a>', ["Retour"]),
        (
            '{% translate "Bonjour" %} {{ name }} : {% blocktranslate %}il fait beau{% endblocktranslate %}',
            [],
        ),
        ('{% block main_class %}wrap-reading{% endblock %}<h{{ level }} class="card-title">', []),
        ("{% comment %}une note{% endcomment %}<script>let one = 1</script>{# deux #} 3 €", []),
    ],
)
def test_bare_words_are_seen(template: str, words: list[str]) -> None:
    assert bare_words(template) == words


# People -------------------------------------------------------------------------------------------------------------


@isolate_apps("core.families")
def test_what_leads_to_people_is_seen() -> None:
    class Near(models.Model):
        child = models.ForeignKey(apps.get_model("families.Child"), models.CASCADE, related_name="+")

        class Meta:
            app_label = "planted"

    class Far(models.Model):
        near = models.ForeignKey(Near, models.CASCADE)

        class Meta:
            app_label = "planted"

    class Apart(models.Model):
        class Meta:
            app_label = "planted"

    assert leading_to_people([Far, Near, Apart]) == {"Near", "Far"}


# Quality sheets -----------------------------------------------------------------------------------------------------

DONE: dict[str, Any] = {
    "tier": "silver",
    **{tier: dict.fromkeys(quality.RULES[tier], "done") for tier in ("bronze", "silver")},
}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"tier": "platinum"}, ["tier is one of bronze, silver, gold"]),
        ({"copper": {}}, ["copper: no such tier"]),
        ({"bronze": DONE["bronze"] | {"speed": "done"}}, ["bronze.speed: no such rule"]),
        (
            {"bronze": {k: v for k, v in DONE["bronze"].items() if k != "access"}},
            ["bronze.access: no answer"],
        ),
        (
            {"bronze": DONE["bronze"] | {"access": {"exempt": "later", "decision": "0001"}}},
            ['bronze.access: only "done"'],
        ),
        ({"silver": DONE["silver"] | {"pages": {"exempt": "it has none", "decision": "0001"}}}, []),
        (
            {"silver": DONE["silver"] | {"pages": {"exempt": "it has none", "decision": "9999"}}},
            ["silver.pages: no decision 9999"],
        ),
        (
            {"silver": DONE["silver"] | {"pages": "later"}},
            ['silver.pages: "done", or { exempt = "why", decision = "0012" }'],
        ),
        ({"gold": {"load": {"done": "README.md"}}}, []),
        ({"gold": {"load": {"done": "nothing.md"}}}, ["gold.load: there is no nothing.md"]),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said(change: dict[str, Any], wrong: list[str]) -> None:
    folder = folder_of(next(iter(PLUGINS)))
    assert quality.problems(DONE | change, folder) == wrong


def test_a_sheet_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="missing"):
        quality.read(tmp_path)
