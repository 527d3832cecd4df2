from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0010_synonym"),
    ]

    operations = [
        migrations.AddField(
            model_name="archivedossier",
            name="title_initials",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="archivedossier",
            name="title_sound",
            field=models.TextField(default=""),
        ),
    ]
