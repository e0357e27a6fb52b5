"""Every address, in one place. Ours stand before Wagtail's, which takes what is left."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.api import api, nothing

urlpatterns = [
    path("", include("pages.urls")),
    path("", include("feedback.urls")),
    path("", include("consult.urls")),
    path("", include("consult.budgets.urls")),
    path("", include("moderation.urls")),
    path("compte/", include("accounts.urls")),
    path("api/v1/", api.urls),
    path("api/<path:rest>", nothing),
    path("langue/", include("django.conf.urls.i18n")),
    # Wagtail's own sign-in knows neither limits nor second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]

if settings.DEBUG:
    pictures = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)  # a web server gives them in production
    urlpatterns = [*staticfiles_urlpatterns(), *pictures, *urlpatterns]
