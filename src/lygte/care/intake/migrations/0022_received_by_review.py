"""A long list narrowed to one step of the review, or to the trash, must not read what it does not show."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_schedule"),
        ("intake", "0021_indexes_for_lists_and_exports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["organisation", "review", "-received_at"], name="submission_by_review"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("trashed_at__isnull", False)),
                fields=["organisation", "-received_at"],
                name="submission_in_trash",
            ),
        ),
    ]
