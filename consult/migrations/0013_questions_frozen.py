"""From the first answer on, a questionnaire is what people answered: the database lets only its words be put right."""

from django.db import migrations

from moderation.binding import shown_as_judged

FROZEN = """
CREATE FUNCTION consult_question_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked consult_question := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF TG_OP = 'UPDATE' AND (
        OLD.page_id, OLD.code, OLD.kind, OLD.is_required, CARDINALITY(OLD.choices), OLD.takes_other, OLD.minimum,
        OLD.maximum, OLD.is_public, OLD.shown_if, OLD.shown_if_answers
    ) IS NOT DISTINCT FROM (
        NEW.page_id, NEW.code, NEW.kind, NEW.is_required, CARDINALITY(NEW.choices), NEW.takes_other, NEW.minimum,
        NEW.maximum, NEW.is_public, NEW.shown_if, NEW.shown_if_answers
    ) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM consult_response WHERE survey_id = asked.page_id) THEN
        RAISE EXCEPTION 'people have answered these questions' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'questions_answered_are_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consult_question_kept BEFORE INSERT OR UPDATE OR DELETE ON consult_question
    FOR EACH ROW EXECUTE FUNCTION consult_question_kept();

CREATE FUNCTION consult_survey_promise_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM consult_response WHERE survey_id = NEW.page_ptr_id) THEN
        RAISE EXCEPTION 'people answered knowing when the results would be told' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'when_results_are_told_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_survey_promise_kept BEFORE UPDATE OF hides_results ON consult_surveypage
    FOR EACH ROW WHEN (OLD.hides_results IS DISTINCT FROM NEW.hides_results)
    EXECUTE FUNCTION consult_survey_promise_kept();
"""
MELTED = """
DROP TRIGGER consult_survey_promise_kept ON consult_surveypage; DROP FUNCTION consult_survey_promise_kept();
DROP TRIGGER consult_question_kept ON consult_question; DROP FUNCTION consult_question_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0012_surveys"), ("moderation", "0001_initial")]

    operations = [shown_as_judged("consult_freetext"), migrations.RunSQL(FROZEN, MELTED)]
