"""The addresses of signing in: the pages of django-allauth that Lygte uses, named one by one, and no others.

They are public in the sense of `access.py`: allauth itself asks for a sign-in where one is needed.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.urls import path

from lygte.core.access import public

urlpatterns = [
    path("login/", public(account.login), name="account_login"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", public(account.reauthenticate), name="account_reauthenticate"),
    path("password/", public(account.password_change), name="account_change_password"),
    path("security/", public(mfa.index), name="mfa_index"),
    path("security/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path("security/reauthenticate/", public(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("security/app/", public(totp.activate_totp), name="mfa_activate_totp"),
    path("security/app/remove/", public(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("security/codes/", public(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("security/codes/new/", public(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("security/codes/file/", public(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("security/passkeys/", public(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("security/passkeys/add/", public(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("security/passkeys/login/", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path(
        "security/passkeys/reauthenticate/",
        public(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/passkeys/<int:pk>/remove/", public(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("security/passkeys/<int:pk>/name/", public(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
]

if settings.SOCIALACCOUNT_PROVIDERS:
    urlpatterns += [
        path("single/cancelled/", public(social.login_cancelled), name="socialaccount_login_cancelled"),
        path("single/error/", public(social.login_error), name="socialaccount_login_error"),
        path("single/signup/", public(social.signup), name="socialaccount_signup"),
        path("single/connections/", public(social.connections), name="socialaccount_connections"),
        path("single/<str:provider_id>/login/", public(oidc.login), name="openid_connect_login"),
        path("single/<str:provider_id>/login/callback/", public(oidc.callback), name="openid_connect_callback"),
    ]
