"""The database itself refuses to change or remove a line of the log."""

from typing import Any

from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER core_auditentry_no_{what} BEFORE {what.upper()} ON core_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    for what in ("update", "delete")
]
POSTGRESQL = [
    "CREATE FUNCTION core_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$",
    "CREATE TRIGGER core_auditentry_no_change BEFORE UPDATE OR DELETE ON core_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION core_refuse()",
]
SQLITE_UNDO = [f"DROP TRIGGER core_auditentry_no_{what}" for what in ("update", "delete")]
POSTGRESQL_UNDO = ["DROP TRIGGER core_auditentry_no_change ON core_auditentry", "DROP FUNCTION core_refuse()"]


def guard(apps: Any, editor: Any) -> None:
    for sentence in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(sentence)


def unguard(apps: Any, editor: Any) -> None:
    for sentence in POSTGRESQL_UNDO if editor.connection.vendor == "postgresql" else SQLITE_UNDO:
        editor.execute(sentence)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
