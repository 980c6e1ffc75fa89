"""The database itself refuses to change a published version of a form."""

from typing import Any

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER intake_formversion_no_update BEFORE UPDATE ON intake_formversion "
    "BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END"
]
POSTGRESQL = [
    "CREATE FUNCTION intake_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a published version never changes'; END $$",
    "CREATE TRIGGER intake_formversion_no_update BEFORE UPDATE ON intake_formversion "
    "FOR EACH ROW EXECUTE FUNCTION intake_refuse()",
]
SQLITE_UNDO = ["DROP TRIGGER intake_formversion_no_update"]
POSTGRESQL_UNDO = [
    "DROP TRIGGER intake_formversion_no_update ON intake_formversion",
    "DROP FUNCTION intake_refuse()",
]


def guard(apps: Any, editor: Any) -> None:
    for sentence in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(sentence)


def unguard(apps: Any, editor: Any) -> None:
    for sentence in POSTGRESQL_UNDO if editor.connection.vendor == "postgresql" else SQLITE_UNDO:
        editor.execute(sentence)


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
