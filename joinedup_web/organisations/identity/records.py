"""How people may sign in is audited too: allauth's tables, followed by triggers of ours."""

from __future__ import annotations

import pghistory
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "user", "provider", "uid"],
    model_name="IdentityLinkEvent",
)
class IdentityLink(SocialAccount):
    """An account linked to an identity of a service."""

    class Meta:  # noqa: D106 - Django's own place for what a model is
        proxy = True
        app_label = "organisations"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    fields=["id", "user", "type", "created_at"],
    model_name="SecondFactorEvent",
)
class SecondFactor(Authenticator):
    """An authenticator app, a passkey, or recovery codes; the secrets are not followed."""

    class Meta:  # noqa: D106 - Django's own place for what a model is
        proxy = True
        app_label = "organisations"
