"""Every address of the workspace. Each name stands in the policy table; a test holds the two together."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path

from joinedup_web.config import health

handler403 = "joinedup_web.nhsuk.languages.refused"
handler404 = "joinedup_web.nhsuk.languages.not_found"
handler500 = "joinedup_web.nhsuk.languages.failed"
urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second/", second.index, name="mfa_index"),
    path("account/second/code/", second.authenticate, name="mfa_authenticate"),
    path("account/second/again/", second.reauthenticate, name="mfa_reauthenticate"),
    path("account/second/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/second/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "account/second/recovery/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("", include("joinedup_web.organisations.urls")),
    path("", include("joinedup_web.controllers.urls")),
    path("", include("joinedup_web.collaboratives.urls")),
    path("", include("joinedup_web.equity.urls")),
]
