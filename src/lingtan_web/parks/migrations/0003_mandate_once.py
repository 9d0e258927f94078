"""A mandate is given once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parks", "0002_join_equal_mandates")]
    operations = [
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("park", "body", "year", "from_day"),
                name="a_mandate_is_given_once",
            ),
        ),
    ]
