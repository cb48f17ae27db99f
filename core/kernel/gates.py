"""Off means off, for addresses: a plugin's URLs resolve only while it is on, without a restart."""

from importlib.util import find_spec
from typing import Any

from django.urls import URLResolver
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from core.kernel import discovery, state


class PluginURLResolver(URLResolver):
    """Resolves to nothing while its plugin is off; `reverse()` goes on, so that a stored link never breaks a page."""

    def __init__(self, slug: str, prefix: str, urlconf: str) -> None:
        super().__init__(RoutePattern(prefix), urlconf, app_name=slug, namespace=slug)
        self.slug = slug

    def resolve(self, path: Any) -> Any:
        if self.slug not in state.enabled_slugs():
            raise Resolver404({"path": path, "tried": []})
        return super().resolve(path)


def plugin_urls(module: str, prefix: str = "") -> list[PluginURLResolver]:
    """One gated resolver for each installed plugin that has `plugins/<slug>/<module>.py`."""
    return [
        PluginURLResolver(plugin.slug, prefix, f"plugins.{plugin.slug}.{module}")
        for plugin in discovery.installed().plugins
        if find_spec(f"plugins.{plugin.slug}.{module}")
    ]
