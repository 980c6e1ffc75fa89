"""A key by which a spreadsheet reads one form."""

import django.db.models.deletion
from django.db import migrations, models

import lygte.core.refs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0004_schedule"),
        ("intake", "0010_the_server_complete"),
    ]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", lygte.core.refs.RefField()),
                ("label", models.CharField(max_length=60, verbose_name="what it is for")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_on", models.DateField(auto_now_add=True)),
                ("last_read", models.DateField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="feeds", to="intake.form"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.member"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["revoked_at", "label", "pk"],
            },
        ),
    ]
