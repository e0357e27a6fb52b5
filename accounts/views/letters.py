"""Which letters one receives: one page for the account, and a link in each letter for whoever has none."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import LettersForm
from letters import preferences, topics
from letters.choices import Frequency


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Every letter this site sends to this person, in one page; those that are always sent say why."""
    theirs = [topic for topic in topics.every() if topic.concerns(request.user)]
    form = LettersForm(
        request.POST if request.method == "POST" else None,
        topics=[topic for topic in theirs if topic.is_optional],
        chosen=preferences.chosen_by(preferences.recipient_key(request.user.email)),
    )
    if request.method == "POST" and form.is_valid():
        actions.choose_letters(request.user, form.chosen())
        messages.success(request, _("Your choices are kept."))
        return redirect("account_letters")
    always = [topic for topic in theirs if not topic.is_optional]
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/letters.html", {"form": form, "always": always}, status=status)


@csrf_exempt  # for what a mail reader posts, without our cookie: the link itself is the key (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: opening it stops nothing, its one button does; and takes it back."""
    is_of_a_mail_reader = request.POST.get("List-Unsubscribe") == "One-Click"
    return (_stop if is_of_a_mail_reader else csrf_protect(_stop))(request, token)


def _stop(request: HttpRequest, token: str) -> HttpResponse:
    known = preferences.read_token(token)
    if known is None:
        raise Http404
    key, topic = known
    if request.method == "POST":
        again = request.POST.get("again") == "1"
        preferences.choose(key, topic.name, topic.default if again else Frequency.NEVER)
    is_stopped = preferences.chosen_by(key)[topic.name] == Frequency.NEVER
    response = render(request, "accounts/stop_letters.html", {"topic": topic, "is_stopped": is_stopped})
    # The address is a key: no other site hears of it, no search engine keeps it.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
