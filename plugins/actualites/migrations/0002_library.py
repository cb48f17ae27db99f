import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actualites", "0001_initial"), ("pages", "0004_home_picture")]

    operations = [
        migrations.AlterField(
            model_name="newspage",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                help_text="Sa description dit ce qu’elle montre aux personnes qui ne la voient pas.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="pages.picture",
                verbose_name="image",
            ),
        ),
        migrations.AlterField(
            model_name="newsdocument",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="pages.librarydocument",
                verbose_name="document",
            ),
        ),
        migrations.AlterField(
            model_name="documententry",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="pages.librarydocument",
                verbose_name="document",
            ),
        ),
    ]
