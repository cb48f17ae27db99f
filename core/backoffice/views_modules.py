"""Plugins in the hands of the administration: what each does, and its switch."""

from collections.abc import Container
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.backoffice.screens import render_screen
from core.contracts.lifecycle import Obstacle
from core.contracts.plugin import Plugin
from core.kernel import calls, clock, discovery, services
from core.kernel.access import agent
from core.kernel.obstacles import obstacles
from core.kernel.selectors import plugin_lines

READ = "lu"
"""The obstacles that the page showed, sent back with the act."""


@agent("kernel.change_pluginstate")
def modules(request: HttpRequest) -> HttpResponse:
    """What is installed, what is on, who switched it, how it fares, what is in flight in it."""
    calls.start()
    lines = plugin_lines()
    names = {line.slug: line.plugin.name for line in lines if line.plugin}
    data = {
        "rows": [
            {
                "line": line,
                "depends_on": [names.get(slug, slug) for slug in line.plugin.depends_on],
                "in_flight": obstacles(line.slug) if line.state == "on" else [],
            }
            for line in lines
            if line.plugin
        ],
        "aside": [line for line in lines if line.state == "aside"],
        "since": clock.now() - calls.uptime(),
    }
    return render_screen(request, "backoffice/modules.html", data, title=_("Modules"), icon="placeholder")


@agent("kernel.change_pluginstate")
def switch(request: HttpRequest, slug: str, enabled: bool) -> HttpResponse:
    """Ask, then switch a plugin on or off. What began since the question was asked is asked about again."""
    plugin = next((known for known in discovery.usable() if known.slug == slug), None)
    if plugin is None:
        raise Http404
    if request.method == "POST":
        try:
            _switch(request, plugin, enabled, request.POST.getlist(READ))
        except services.InFlight as error:
            return _ask(request, plugin, enabled, error.obstacles)
        return redirect("backoffice:modules")
    return _ask(request, plugin, enabled, [] if enabled else obstacles(slug))


def _ask(request: HttpRequest, plugin: Plugin, enabled: bool, in_flight: list[Obstacle]) -> HttpResponse:
    name = {"name": plugin.name}
    if enabled:
        title = _("Activer « %(name)s » ?")
        message = _("Le module « %(name)s » revient partout, avec ses données.")
    else:
        title = _("Désactiver « %(name)s » ?")
        message = _(
            "Le module « %(name)s » disparaît du site, de l’Espace Famille, de la gestion et de l’API. "
            "Ses données restent et reviennent quand vous l’activez de nouveau."
        )
    data: dict[str, Any] = {
        "message": message % name,
        "in_flight": in_flight,
        "read": READ,
        "submit": _("Activer le module")
        if enabled
        else _("Désactiver malgré tout")
        if in_flight
        else _("Désactiver le module"),
        "danger": not enabled,
        "cancel_url": reverse("backoffice:modules"),
    }
    trail = [(_("Modules"), reverse("backoffice:modules"))]
    return render_screen(
        request, "backoffice/switch.html", data, title=title % name, icon="placeholder", trail=trail
    )


def _switch(request: HttpRequest, plugin: Plugin, enabled: bool, despite: Container[str]) -> None:
    try:
        services.switch_plugin(
            slug=plugin.slug,
            enabled=enabled,
            actor=request.user.get_username(),
            at=clock.now(),
            despite=despite,
        )
    except services.PluginNeeded as error:
        names = {known.slug: known.name for known in discovery.installed().plugins}
        others = ", ".join(names.get(slug, slug) for slug in error.slugs)
        reason = (
            _("« %(name)s » a besoin d’un module qui est désactivé : %(others)s.")
            if enabled
            else _("« %(name)s » reste activé : d’autres modules en ont besoin (%(others)s).")
        )
        messages.error(request, reason % {"name": plugin.name, "others": others})
    else:
        done = (
            _("Le module « %(name)s » est activé.") if enabled else _("Le module « %(name)s » est désactivé.")
        )
        messages.success(request, done % {"name": plugin.name})
