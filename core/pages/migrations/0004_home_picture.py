import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0003_library_filled")]

    operations = [
        migrations.AlterField(
            model_name="homepage",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                help_text="Large, sans texte dedans. Sa description est lue à voix haute aux personnes aveugles.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="pages.picture",
                verbose_name="image",
            ),
        ),
    ]
