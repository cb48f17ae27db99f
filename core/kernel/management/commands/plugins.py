"""`parvis plugins`: the table of plugins."""

from typing import Any

from django.core.management.base import BaseCommand

from core.kernel import discovery, manager, state


class Command(BaseCommand):
    help = "Montre les modules : version, état, points d’extension."

    def handle(self, *args: Any, **options: Any) -> None:
        installed = discovery.installed()
        on = state.enabled_slugs()
        rows = [("module", "version", "état", "points d’extension")]
        for plugin in installed.plugins:
            word = "activé" if plugin.slug in on else "désactivé"
            hooks = ", ".join(manager.hooks_of(plugin.slug))
            rows.append((plugin.slug, installed.versions.get(plugin.slug, ""), word, hooks))
        rows += [(item.slug, "", "écarté", item.reason) for item in discovery.quarantined()]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[3]]).rstrip())
