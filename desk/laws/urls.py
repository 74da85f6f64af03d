"""Addresses of the law catalogue."""

from django.urls import URLPattern, path

from desk.laws import edit, entry_help, pages

urlpatterns: list[URLPattern] = [
    path("", pages.listing, name="laws"),
    path("suggest/", entry_help.suggest, name="law-suggest"),
    path("new/", edit.add, name="law-add"),
    path("<int:pk>/", pages.show, name="law"),
    path("<int:pk>/change/", edit.change, name="law-change"),
    path("<int:pk>/end/", edit.end, name="law-end"),
]
