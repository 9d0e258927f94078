"""Whatever was said in a review stays as it was said."""

from django.db import migrations

from lingtan_web.audit.immutable import protect

TABLES = (
    "submission", "round", "step", "independencestatement", "finding", "question", "message", "sitevisit",
    "visitphoto", "statement", "signature", "panel", "panelseat", "interestdeclaration", "vote", "minutes",
    "decision", "appeal", "appealdecision",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]
    operations = [protect(f"reviews_{table}") for table in TABLES]
