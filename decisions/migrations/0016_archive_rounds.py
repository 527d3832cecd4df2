import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

AT_ONCE = 1_000


def note_last_rounds(apps, schema_editor):
    """Have every matter found by the days it had until now; the copy is compared once a day."""
    rounds = apps.get_model("decisions", "ArchiveRound").objects
    dossiers = apps.get_model("decisions", "ArchiveDossier").objects.order_by("pk")
    known = dossiers.exclude(Q(opens_on=None), Q(closes_on=None))
    days = list(known.values_list("pk", "opens_on", "closes_on"))
    for start in range(0, len(days), AT_ONCE):
        rounds.bulk_create(
            rounds.model(dossier_id=pk, opens_on=opens_on, closes_on=closes_on)
            for pk, opens_on, closes_on in days[start : start + AT_ONCE]
        )


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0015_archive_drafters"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArchiveRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opens_on", models.DateField(null=True)),
                ("closes_on", models.DateField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="decisions.archivedossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "round in the archive",
            },
        ),
        migrations.RunPython(note_last_rounds, migrations.RunPython.noop, elidable=True),
    ]
