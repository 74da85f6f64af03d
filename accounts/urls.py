from django.urls import path

from accounts import change_views, token_views, views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="change-password"),
    path("proposals/", change_views.listing, name="proposals"),
    path("proposals/<int:pk>/", change_views.show, name="proposal"),
    path("proposals/<int:pk>/agree/", change_views.agree, name="proposal-agree"),
    path("proposals/<int:pk>/refuse/", change_views.refuse, name="proposal-refuse"),
    path("proposals/<int:pk>/withdraw/", change_views.withdraw, name="proposal-withdraw"),
    path("proposals/<int:pk>/secret/", change_views.secret, name="proposal-secret"),
    path("tokens/", token_views.listing, name="tokens"),
    path("tokens/new/", token_views.new, name="token-new"),
    path("tokens/<int:pk>/revoke/", token_views.revoke, name="token-revoke"),
]
