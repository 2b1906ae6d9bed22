"""Which room answers which address."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from motcua.api import monitoring

handler500 = "motcua.ui.outage.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    # Only these of allauth's pages exist here: accounts are made by administrators, without e-mail.
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    # Where allauth sends who has no password to change: staff who sign in by a provider set none here.
    path(
        "accounts/password/set/",
        login_required(RedirectView.as_view(pattern_name="mfa_index")),
        name="account_set_password",
    ),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("language/", set_language, name="set_language"),
    path("health/live", monitoring.live, name="live"),
    path("health/ready", monitoring.ready, name="ready"),
    path("metrics", monitoring.show_metrics, name="metrics"),
    path("api/", include("motcua.api.urls")),
    path("office/", include("motcua.office.urls")),
    path("", include("motcua.portal.urls")),
]
