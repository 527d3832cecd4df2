from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0009_archive_material"),
    ]

    operations = [
        migrations.CreateModel(
            name="SynonymGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "terms",
                    models.TextField(
                        help_text="One word a line, for example 电动自行车, 电瓶车 and 电单车.",
                        verbose_name="words",
                    ),
                ),
            ],
            options={
                "verbose_name": "synonyms",
                "verbose_name_plural": "synonyms",
                "ordering": ("pk",),
            },
        ),
    ]
