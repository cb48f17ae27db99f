"""Settings as pages read them: `values("actualites")["news_on_home"]`. Defaults hold until a commune chooses."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.contracts import settings as contract
from core.contracts.plugin import Plugin
from core.contracts.settings import Schema
from core.kernel import clock, configuration, discovery


def _nothing(values: Mapping[str, Any]) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Settings that are edited together: a subject of the configuration with a schema.

    `rules` says what is wrong between values that are each fine, by name of setting, in French.
    """

    key: str
    label: str
    schema: Schema
    rules: Callable[[Mapping[str, Any]], dict[str, str]] = _nothing

    def problems(self, document: Any) -> dict[str, str]:
        """French messages by name of setting; "" when none is to blame."""
        return contract.problems(self.schema, document) or self.rules(contract.values(self.schema, document))

    def refusals(self, document: Any) -> list[str]:
        labels = {field.name: field.label for field in self.schema}
        return [
            f"{labels.get(name, name)} : {message}" if name else message
            for name, message in self.problems(document).items()
        ]

    def values(self) -> Mapping[str, Any]:
        """Typed values in force, defaults where nothing was chosen."""
        document = configuration.document(self.key, today=clock.today())
        return MappingProxyType(contract.values(self.schema, document or {}))


def sheet(slug: str) -> Sheet:
    """The settings of an installed plugin, on or off, or those of a room of core. Raises LookupError."""
    room = configuration.subjects().get(f"{slug}.settings")
    if isinstance(room, Sheet):
        return room
    for plugin in discovery.installed().plugins:
        if plugin.slug == slug:
            return _sheet(plugin)
    raise LookupError(slug)


def _sheet(plugin: Plugin) -> Sheet:
    return Sheet(f"{plugin.slug}.settings", plugin.name, plugin.settings_schema)


def values(slug: str) -> Mapping[str, Any]:
    """Settings of a plugin, typed, by name. No statement beyond the read of the state, until a version is written."""
    return sheet(slug).values()


def sheets() -> Iterator[Sheet]:
    """Of every installed plugin that has settings."""
    for plugin in discovery.installed().plugins:
        if plugin.settings_schema:
            yield _sheet(plugin)


configuration.register(sheets)
