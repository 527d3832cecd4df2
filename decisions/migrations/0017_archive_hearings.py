from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0016_archive_rounds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="archiveunit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("explanation", "Drafting explanation"),
                    ("background", "Background"),
                    ("decision", "Decision"),
                    ("interpretation", "Interpretation"),
                    ("opinion", "Opinion"),
                    ("answer", "Answer"),
                    ("hearing", "Hearing"),
                    ("attachment", "Attachment"),
                ],
                max_length=20,
            ),
        ),
    ]
