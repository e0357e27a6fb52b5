"""Signing in: django-allauth, by e-mail address only, with a second factor for staff."""

import os

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.NameForm"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.LoginForm",
    "signup": "accounts.sign_in_forms.SignupForm",
    "add_email": "accounts.sign_in_forms.AddEmailForm",
    "change_password": "accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "accounts.sign_in_forms.SetPasswordForm",
    "reset_password": "accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in_forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.sign_in_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "accounts.sign_in_forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.sign_in_forms.ActivateTOTPForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# A page that opens an account, or resets a password, says the same whether or not the address is known.
ACCOUNT_PREVENT_ENUMERATION = True
# And we write only to people who have an account: the form is no way to bother somebody else.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,3/h/key",
    "confirm_email": "1/60s/key",
}
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
# Behind how many of our own proxies the site stands: without it every visitor would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CAHIER_PROXIES", "0"))

MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Cahier"
# One step of thirty seconds either way, for telephones whose clock drifts.
MFA_TOTP_TOLERANCE = 1

# Where a role is taken after signing in, in this order; the others return where they came from.
SIGN_IN_DESTINATIONS = {
    "service_owner": "/pilotage/",
    "editor": "/admin/",
    "administrator": "/admin/",
    "evaluator": "/etudes/",
    "clerk": "/guichet/",
}
# What stays open to staff who have not set up their second factor yet.
OPEN_WITHOUT_SECOND_FACTOR = ("/compte/", "/langue/", "/affichage/", "/static/", "/healthz", "/readyz")

# Wagtail's own doors to passwords and addresses stay shut: they know neither limits nor second factor.
WAGTAILADMIN_LOGIN_URL = "/compte/connexion/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
