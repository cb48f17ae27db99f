"""Triggers that make money rows append-only, on both databases.

SQLite drops a table's triggers when a migration remakes it: such a migration calls `install` again as its last operation
(a test looks at the triggers of the migrated schema). Their names start with `guard_`.
"""

from collections.abc import Sequence
from typing import Any

PREFIX = "guard_"


def install(schema_editor: Any, table: str, *, frozen: Sequence[str] = (), when: str = "") -> None:
    """Refuse DELETE, and UPDATE of the `frozen` columns (none named: of any). `when` is a condition on OLD."""
    uninstall(schema_editor, table)
    quote = schema_editor.connection.ops.quote_name
    columns = f" OF {', '.join(quote(name) for name in frozen)}" if frozen else ""
    only = f"WHEN ({when}) " if when else ""
    for name, event in {"update": f"UPDATE{columns}", "delete": "DELETE"}.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                "CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {PREFIX}{table}_{name} BEFORE {event} ON {quote(table)} "
                f"FOR EACH ROW {only}EXECUTE FUNCTION guard_refuse()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {PREFIX}{table}_{name} BEFORE {event} ON {quote(table)} "
                f"{only}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def uninstall(schema_editor: Any, table: str) -> None:
    quote = schema_editor.connection.ops.quote_name
    on = f" ON {quote(table)}" if schema_editor.connection.vendor == "postgresql" else ""
    for name in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {PREFIX}{table}_{name}{on}")
