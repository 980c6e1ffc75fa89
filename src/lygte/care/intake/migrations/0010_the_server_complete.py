"""Edits, reviews, trash, drafts, files of forms, keys of encrypted forms."""

import django.db.models.deletion
from django.db import migrations, models

import lygte.core.refs


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_schedule"),
        ("intake", "0002_versions_never_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="sealed_key",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="digest_box",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="submission",
            name="encrypted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="submission",
            name="replaced_by",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaces", to="intake.submission"
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="review",
            field=models.CharField(
                choices=[
                    ("received", "Not yet reviewed"),
                    ("edited", "Edited"),
                    ("has_issues", "Has issues"),
                    ("approved", "Approved"),
                    ("rejected", "Rejected"),
                ],
                default="received",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="trashed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="submission",
            name="trashed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.member"
            ),
        ),
        migrations.CreateModel(
            name="FormDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", lygte.core.refs.RefField()),
                ("form_id", models.CharField(max_length=250)),
                ("title", models.CharField(max_length=250)),
                ("version", models.CharField(blank=True, max_length=250)),
                ("workbook", models.BinaryField()),
                ("workbook_name", models.CharField(max_length=120)),
                ("xform", models.BinaryField()),
                ("md5", models.CharField(max_length=32)),
                ("outline", models.JSONField(default=dict)),
                ("warnings", models.JSONField(default=list)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
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
                "ordering": ["title", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FormFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", lygte.core.refs.RefField()),
                ("name", models.CharField(max_length=250)),
                ("stored_as", models.CharField(max_length=26)),
                ("size", models.BigIntegerField()),
                ("md5", models.CharField(max_length=32)),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.member"),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="intake.formdraft",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="files", to="intake.form"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FormKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", lygte.core.refs.RefField()),
                ("public_key", models.TextField()),
                ("box", models.BinaryField()),
                ("salt", models.BinaryField()),
                ("passes", models.PositiveIntegerField()),
                ("memory", models.PositiveBigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="intake.form"
                    ),
                ),
                (
                    "made_by",
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
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", lygte.core.refs.RefField()),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("received", "Not yet reviewed"),
                            ("edited", "Edited"),
                            ("has_issues", "Has issues"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Not yet reviewed"),
                            ("edited", "Edited"),
                            ("has_issues", "Has issues"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=2000)),
                ("at", models.DateTimeField()),
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
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="intake.submission"
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_by",
                        to="intake.review",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TestSubmission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", lygte.core.refs.RefField()),
                ("instance_id", models.CharField(max_length=250)),
                ("received_at", models.DateTimeField()),
                ("xml", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("files", models.JSONField(default=dict)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="test_submissions",
                        to="intake.formdraft",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("event", models.CharField(max_length=60)),
                ("node", models.CharField(blank=True, max_length=1000)),
                ("start", models.BigIntegerField(null=True)),
                ("end", models.BigIntegerField(null=True)),
                ("old_value", models.TextField(blank=True)),
                ("new_value", models.TextField(blank=True)),
                ("user", models.CharField(blank=True, max_length=250)),
                ("change_reason", models.TextField(blank=True)),
                ("latitude", models.CharField(blank=True, max_length=30)),
                ("longitude", models.CharField(blank=True, max_length=30)),
                ("accuracy", models.CharField(blank=True, max_length=30)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="audit_events", to="intake.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("submission", "position"), name="audit_line_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.UniqueConstraint(fields=("organisation", "form_id"), name="one_draft_per_form_id"),
        ),
        migrations.AddConstraint(
            model_name="formfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("draft__isnull", False), ("form", None)),
                    models.Q(("draft", None), ("form__isnull", False)),
                    _connector="OR",
                ),
                name="file_of_form_or_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="formfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)), fields=("form", "name"), name="one_form_file_per_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="formfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)), fields=("draft", "name"), name="one_draft_file_per_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="testsubmission",
            constraint=models.UniqueConstraint(fields=("draft", "instance_id"), name="test_instance_stored_once"),
        ),
    ]
