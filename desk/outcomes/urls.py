"""Addresses of the pages about what becomes of a decision."""

from django.urls import URLPattern, path

from desk.outcomes import views

urlpatterns: list[URLPattern] = [
    path("decisions/<int:pk>/contest/", views.contest, name="outcome-contest"),
    path("contests/<int:pk>/end/", views.contest_end, name="outcome-contest-end"),
    path("acts/<int:pk>/revoke/", views.revoke, name="outcome-revoke"),
    path("decisions/<int:pk>/revoke/", views.withdraw, name="outcome-withdraw"),
]
