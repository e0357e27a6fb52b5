"""Everything about one's own account stands under /compte/; the names are allauth's, the addresses French."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from accounts.views import account as own
from accounts.views import letters

urlpatterns = [
    path("", own.home, name="account_home"),
    path("nom/", own.rename, name="account_rename"),
    path("courriers/", letters.letters, name="account_letters"),
    path("courriers/<str:token>/", letters.stop, name="account_stop_letters"),
    path("mes-donnees/", own.export, name="account_export"),
    path("fermer/", own.close, name="account_close"),
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inscription/", account.signup, name="account_signup"),
    path("suspendu/", account.account_inactive, name="account_inactive"),
    path("verification/", never_cache(account.reauthenticate), name="account_reauthenticate"),
    path("adresse/", never_cache(account.email), name="account_email"),
    path("adresse/confirmation/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresse/confirmation/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/nouveau/fait/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("second-facteur/", mfa.index, name="mfa_index"),
    path("second-facteur/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-facteur/verification/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/application/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/codes/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-facteur/codes/fichier/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
