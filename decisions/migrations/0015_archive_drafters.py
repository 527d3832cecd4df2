import django.db.models.deletion
from django.db import migrations, models

AT_ONCE = 1_000


def note_leading_units(apps, schema_editor):
    """Have every matter found under the unit it had until now; the copy is compared once a day."""
    drafters = apps.get_model("decisions", "ArchiveDrafter").objects
    led = apps.get_model("decisions", "ArchiveDossier").objects.exclude(unit="").order_by("pk")
    pairs = list(led.values_list("pk", "unit"))
    for start in range(0, len(pairs), AT_ONCE):
        drafters.bulk_create(
            drafters.model(dossier_id=pk, code=code) for pk, code in pairs[start : start + AT_ONCE]
        )


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0014_comparison_item_ids"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArchiveDrafter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=50)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafters",
                        to="decisions.archivedossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "drafting unit in the archive",
            },
        ),
        migrations.AddConstraint(
            model_name="archivedrafter",
            constraint=models.UniqueConstraint(
                fields=("code", "dossier"), name="drafter_once_in_dossier"
            ),
        ),
        migrations.RunPython(note_leading_units, migrations.RunPython.noop, elidable=True),
    ]
