from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultations", "0005_point_continues")]

    operations = [
        migrations.AddField(
            model_name="feedbackreportpage",
            name="people",
            field=models.PositiveIntegerField(
                blank=True,
                editable=False,
                help_text="Counted at publication: the addresses it is counted by are removed later.",
                null=True,
                verbose_name="people and bodies",
            ),
        ),
    ]
