"""Triggers that make money rows append-only, on both databases.

SQLite drops a table's triggers when a migration remakes it: such a migration calls `install` again as its last operation
(a test looks at the triggers of the migrated schema). Their names start with `guard_`.
"""

from collections.abc import Sequence
from typing import Any

PREFIX = "guard_"


def install(schema_editor: Any, table: str, *, frozen: Sequence[str] = (), unless: str = "") -> None:
    """Refuse DELETE, and UPDATE of the `frozen` columns (none named: of any), unless a condition on OLD holds."""
    uninstall(schema_editor, table)
    quote = schema_editor.connection.ops.quote_name
    postgresql = schema_editor.connection.vendor == "postgresql"
    columns = f" OF {', '.join(quote(name) for name in frozen)}" if frozen else ""
    for name, event in {"update": f"UPDATE{columns}", "delete": "DELETE"}.items():
        trigger = f"{PREFIX}{table}_{name}"
        if postgresql:
            result = "NEW" if name == "update" else "OLD"
            escape = f"IF {unless} THEN RETURN {result}; END IF; " if unless else ""
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {escape}"
                "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
                params=None,
            )
            act = f"FOR EACH ROW EXECUTE FUNCTION {trigger}()"
        else:
            only = f"WHEN NOT ({unless}) " if unless else ""
            act = f"{only}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        schema_editor.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {quote(table)} {act}", params=None)


def uninstall(schema_editor: Any, table: str) -> None:
    """Take the guards of a table away."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name in ("update", "delete"):
        trigger = f"{PREFIX}{table}_{name}"
        if postgresql:
            quoted = schema_editor.connection.ops.quote_name(table)
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {quoted}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {trigger}()")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
