"""No more people are registered than there are seats, whoever writes: judged under the lock of the meeting's row."""

from django.db import migrations

COUNTED = """
CREATE FUNCTION consult_seats_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    room int;
BEGIN
    SELECT capacity INTO room FROM consult_meetingpage WHERE page_ptr_id = NEW.meeting_id FOR UPDATE;
    IF room IS NOT NULL AND room <= (
        SELECT COUNT(*) FROM consult_seat WHERE meeting_id = NEW.meeting_id AND state = 'seated' AND id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'every seat is taken' USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_people_than_seats';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_seats_counted BEFORE INSERT OR UPDATE OF state, meeting_id ON consult_seat
    FOR EACH ROW WHEN (NEW.state = 'seated') EXECUTE FUNCTION consult_seats_counted();

CREATE FUNCTION consult_capacity_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.capacity < (
        SELECT COUNT(*) FROM consult_seat WHERE meeting_id = NEW.page_ptr_id AND state = 'seated'
    ) THEN
        RAISE EXCEPTION 'more people are registered' USING ERRCODE = 'check_violation', CONSTRAINT = 'seats_given_are_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_capacity_kept BEFORE UPDATE OF capacity ON consult_meetingpage
    FOR EACH ROW WHEN (NEW.capacity IS DISTINCT FROM OLD.capacity) EXECUTE FUNCTION consult_capacity_kept();
"""
NOT_COUNTED = """
DROP TRIGGER consult_capacity_kept ON consult_meetingpage; DROP FUNCTION consult_capacity_kept();
DROP TRIGGER consult_seats_counted ON consult_seat; DROP FUNCTION consult_seats_counted();
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0023_meetings")]

    operations = [migrations.RunSQL(COUNTED, NOT_COUNTED)]
