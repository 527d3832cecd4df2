from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_the_editors_desk")]

    operations = [
        migrations.AddField(
            model_name="opinionpoint",
            name="continues",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Goes on where the point before it ends: staff split the two.",
            ),
        ),
    ]
