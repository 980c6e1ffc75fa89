"""The database itself refuses to change what a person agreed to, who has seen them, and that somebody was erased.

Lines of a person go only when the log of erasures says that the person was erased; lines of that log never go.
"""

from typing import Any

from django.db import migrations

REFUSED = "the ledger is append-only"
ERASED = {
    "consent_consent": "SELECT 1 FROM consent_erasure e JOIN consent_person p ON p.ref = e.person WHERE p.id = OLD.person_id",
    "consent_seen": "SELECT 1 FROM consent_erasure e WHERE e.person = OLD.person",
    "consent_erasure": "SELECT 1 WHERE 1 = 0",
}
# INSERT OR REPLACE would remove a line without asking the guard against removing.
TAKEN = {
    "consent_consent": "SELECT 1 FROM consent_consent WHERE id = NEW.id OR ref = NEW.ref",
    "consent_seen": "SELECT 1 FROM consent_seen WHERE id = NEW.id",
    "consent_erasure": "SELECT 1 FROM consent_erasure WHERE id = NEW.id OR person = NEW.person",
}


def _sqlite(table: str, allowed: str) -> list[str]:
    stop = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {stop}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT EXISTS ({allowed}) {stop}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({TAKEN[table]}) {stop}",
    ]


def _postgresql(table: str, allowed: str) -> list[str]:
    return [
        f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND EXISTS ({allowed}) THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{REFUSED}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_keep()",
    ]


def guard(apps: Any, editor: Any) -> None:
    write = _postgresql if editor.connection.vendor == "postgresql" else _sqlite
    for table, allowed in ERASED.items():
        for sentence in write(table, allowed):
            editor.execute(sentence)


def unguard(apps: Any, editor: Any) -> None:
    for table in ERASED:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            editor.execute(f"DROP FUNCTION {table}_keep()")
        else:
            for what in ("update", "delete", "replace"):
                editor.execute(f"DROP TRIGGER {table}_no_{what}")


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_words_and_holds")]
    operations = [migrations.RunPython(guard, unguard)]
