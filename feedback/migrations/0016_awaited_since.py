from django.db import migrations, models

# What ``counting.recount`` keeps from now on, for the pain points that are there.
FILL = """
UPDATE feedback_painpoint AS kept SET awaited_since = told.since
FROM (
    SELECT held.pain_point_id, min(fiche.received_on) AS since
    FROM feedback_membership AS held
    JOIN feedback_segment AS passage ON passage.id = held.segment_id
    JOIN feedback_fiche AS fiche ON fiche.id = passage.fiche_id
    WHERE fiche.channel <> 'import'
    GROUP BY held.pain_point_id
) AS told
WHERE told.pain_point_id = kept.number
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0015_bands_at_once")]

    operations = [
        migrations.AddField(
            model_name="painpoint",
            name="awaited_since",
            field=models.DateField(blank=True, null=True, verbose_name="first fiche that came by itself"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
