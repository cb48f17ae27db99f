"""Off means off, for addresses: a plugin's URLs resolve only while it is on, without a restart."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import URLResolver
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from core.kernel import discovery, state


class PluginURLResolver(URLResolver):
    """Resolves to nothing while its plugin is off; `reverse()` goes on, so that a stored link never breaks a page.

    A plugin names in `open_while_off`, in its urls module, the addresses where something that has begun must end (the
    return of a payment, its notification); their views answer 404 once nothing is pending.
    """

    def __init__(self, slug: str, prefix: str, urlconf: str) -> None:
        super().__init__(RoutePattern(prefix), urlconf, app_name=slug, namespace=slug)
        self.slug = slug

    def resolve(self, path: Any) -> Any:
        if self.slug in state.enabled_slugs():
            return super().resolve(path)
        open_names: frozenset[str] = getattr(self.urlconf_module, "open_while_off", frozenset())
        if open_names and (match := super().resolve(path)).url_name in open_names:
            return match
        raise Resolver404({"path": path, "tried": []})


def plugin_urls(module: str, prefix: str = "") -> list[PluginURLResolver]:
    """One gated resolver for each usable plugin that has `plugins/<slug>/<module>.py`.

    Read now, not at the first request: a plugin whose addresses cannot be read is put aside with its reason.
    """
    found = []
    for plugin in discovery.usable():
        name = f"plugins.{plugin.slug}.{module}"
        try:
            if find_spec(name) is None:
                continue
            import_module(name)
            resolver = PluginURLResolver(plugin.slug, prefix, name)
            resolver.reverse_dict  # noqa: B018 - read through to the last pattern
        except Exception as error:
            discovery.put_aside(plugin.slug, error)
        else:
            found.append(resolver)
    return found
