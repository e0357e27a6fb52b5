"""The author of a fiche, back weeks later by a signed link: « est-ce réglé ? »

Opening the link never replies: mail scanners open every link. The page shows the reply chosen and one button.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback import letters, policies
from feedback.actions import follow_ups
from feedback.errors import RuleBroken
from feedback.forms.public import FollowUpForm
from feedback.letters.writing import REPLIES, excerpt_of
from feedback.models import FollowUp


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    asked = get_object_or_404(policies.follow_ups_to_reply(), pk=letters.follow_up_of(token))
    if request.method != "POST":
        return _page(request, asked, FollowUpForm(initial=_chosen(request, asked)))
    form = FollowUpForm(request.POST)
    if form.is_valid():
        try:
            follow_ups.reply(asked, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error("text", str(broken))
        else:
            messages.success(request, _("Your reply is recorded. You can change it here."))
            return redirect("feedback:follow_up", token=token)
    return _page(request, asked, form, status=422)


def _chosen(request: HttpRequest, asked: FollowUp) -> dict[str, str]:
    """The reply of the link that was opened; else the one already given."""
    return {"reply": REPLIES.get(request.GET.get("reponse", ""), asked.reply), "text": asked.text}


def _page(request: HttpRequest, asked: FollowUp, form: FollowUpForm, status: int = 200) -> HttpResponse:
    context = {
        "follow_up": asked,
        "answer": asked.answer,
        "excerpt": excerpt_of(asked.fiche, asked.answer),
        "form": form,
    }
    response = render(request, "feedback/public/follow_up.html", context, status=status)
    # The address is a key: no other site hears of it, no search engine keeps it.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
