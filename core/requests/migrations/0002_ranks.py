from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="requestevent",
            options={
                "ordering": ("rank", "pk"),
                "verbose_name": "étape d’une demande",
                "verbose_name_plural": "étapes d’une demande",
            },
        ),
        migrations.AlterModelOptions(
            name="requestmessage",
            options={
                "ordering": ("rank", "pk"),
                "verbose_name": "message d’une demande",
                "verbose_name_plural": "messages d’une demande",
            },
        ),
        migrations.AddField(
            model_name="requestevent",
            name="rank",
            field=models.PositiveIntegerField(default=0, verbose_name="rang"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="requestmessage",
            name="rank",
            field=models.PositiveIntegerField(default=0, verbose_name="rang"),
            preserve_default=False,
        ),
    ]
