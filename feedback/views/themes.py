"""A theme of the board, renamed by whoever answers for a pain point under it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback import policies
from feedback.actions import themes
from feedback.errors import RuleBroken
from feedback.filters import BY_THEME
from feedback.forms.owner import ThemeNameForm
from feedback.views.doors import staff_door
from feedback.views.steering import show


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """The small page where a theme is named; a rule that was broken comes back with what was typed."""
    theme = get_object_or_404(policies.themes_to_name(request.user), pk=pk)
    form = ThemeNameForm(request.POST if request.method == "POST" else None, initial={"name": theme.name})
    board = f"{reverse('feedback:board')}?view=all&group={BY_THEME}"
    if form.is_valid():
        try:
            themes.rename(theme, name=form.cleaned_data["name"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Renamed. No regrouping will change this name."))
            return redirect(board)
    held = policies.pain_points_to_see(request.user).filter(theme=theme).order_by("-fiche_count", "-number")
    context = {"theme": theme, "form": form, "pain_points": held[:20], "back_url": board}
    broken = form.is_bound and form.non_field_errors()
    return show(request, "feedback/owner/theme.html", context, status=409 if broken else 200)
