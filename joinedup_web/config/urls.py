"""Every address of the workspace. Each name stands in the policy table; a test holds the two together."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path

from joinedup_web.config import health, observing
from joinedup_web.organisations.identity import views as identity

handler403 = "joinedup_web.nhsuk.languages.refused"
handler404 = "joinedup_web.nhsuk.languages.not_found"
handler500 = "joinedup_web.nhsuk.languages.failed"
urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("health/metrics", observing.metrics, name="metrics"),
    path("account/login/", identity.sign_in, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second/", identity.account, name="mfa_index"),
    path("account/second/code/", second.authenticate, name="mfa_authenticate"),
    path("account/second/again/", second.reauthenticate, name="mfa_reauthenticate"),
    path("account/with/<slug:service>/", identity.begin, name="identity_begin"),
    path("account/with/<slug:service>/back/", identity.back, name="identity_back"),
    path("account/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("account/second/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/second/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "account/second/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
    path("account/second/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
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
    path("", include("joinedup_web.improvement.urls")),
    path("", include("joinedup_web.packs.urls")),
    path("", include("joinedup_web.returns.urls")),
    path("", include("joinedup_web.governance.boards.urls")),
    path("", include("joinedup_web.governance.scrutiny.urls")),
    path("", include("joinedup_web.governance.frameworks.urls")),
    path("", include("joinedup_web.governance.updates.urls")),
    path("", include("joinedup_web.api.urls")),
    path("api/v1/", include("joinedup_web.config.api")),
]
