"""Lists by form and by phone, and exports from end to end, at a million filled forms."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_schedule"),
        ("intake", "0020_grades_and_sealed_forms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="submission",
            name="device",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="intake.device",
            ),
        ),
        migrations.AlterField(
            model_name="submission",
            name="form",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.form"
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["form", "-received_at", "-id"], name="submission_by_form"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["device", "-received_at", "-id"], name="submission_by_phone"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["form", "id"], name="submission_in_order"),
        ),
    ]
