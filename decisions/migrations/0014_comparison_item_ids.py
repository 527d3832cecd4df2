from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0013_archive_keeping'),
    ]

    operations = [
        migrations.AddField(
            model_name='archivecomparison',
            name='item_ids',
            field=models.JSONField(default=list),
        ),
    ]
