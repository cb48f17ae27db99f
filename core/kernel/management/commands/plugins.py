"""`parvis plugins`: the table of plugins."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.kernel import calls
from core.kernel.clock import PARIS
from core.kernel.selectors import PluginLine, plugin_lines

HEAD = ("module", "version", "état", "suivi par", "dernière bascule", "points d’extension")
STATES = {"on": "activé", "off": "désactivé", "aside": "écarté"}


class Command(BaseCommand):
    help = "Montre les modules : version, état, qui le suit, qui l’a basculé, points d’extension."

    def handle(self, *args: Any, **options: Any) -> None:
        calls.start()  # so that whoever is to be put aside is
        rows = [HEAD, *(self._row(line) for line in plugin_lines())]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[-1]]).rstrip())

    def _row(self, line: PluginLine) -> tuple[str, ...]:
        switched = ""
        if line.switch:
            at = timezone.localtime(line.switch.at, PARIS)
            switched = f"{at:%d/%m/%Y %H:%M} ({line.switch.actor})"
        owner = line.plugin.owner if line.plugin else ""
        last = line.reason or ", ".join(hook.name for hook in line.hooks)
        return line.slug, line.version, STATES[line.state], owner, switched, last
