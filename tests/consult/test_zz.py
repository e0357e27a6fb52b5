from tests.consult.test_editing import *
from tests.consult.test_editing import administrator, editor
def test_x(administrator):
    create(administrator, form())
    page = the_page()
    print(Consultation.objects.get().announced)
    later = {"phases": [{**phase(closes="2027-04-10 20:00"), "id": page.phases.get().pk}]}
    kept = {"sections": rows(page, "sections", [section()])}
    edit(administrator, page, form(**kept, **later), action="")
    print(the_page().get_latest_revision().content["phases"])
    a=edit(administrator, page, form(**kept, **later, dates_reason="La crue a fermé la salle"))
    print(Consultation.objects.get().announced)
    print(list(Entry.objects.values_list("verb","details")))
    print(Phase.objects.values())
    data = {"new_title": "Quai 2", "new_slug": "quai-2", "new_parent_page": index().pk}
    Phase.objects.update(opens_at=datetime(2026, 9, 1, 6, tzinfo=UTC), closes_at=datetime(2026, 10, 31, 19, tzinfo=UTC))
    r=administrator.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data, follow=True)
    w=words(r); print("BROUILLON", w[w.find("brouillon")-100:w.find("brouillon")+300])
    copy = ConsultationPage.objects.get(slug="quai-2")
    print(copy.phases.values(), copy.get_latest_revision().content["phases"])
    assert 0
