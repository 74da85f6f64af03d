"""Addresses of the law catalogue."""

from django.urls import URLPattern, path

from desk.laws import entry_help

urlpatterns: list[URLPattern] = [
    path("suggest/", entry_help.suggest, name="law-suggest"),
]
