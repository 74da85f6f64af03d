"""Addresses of the pages about holidays."""

from django.urls import URLPattern, path

from desk.holidays import pages

urlpatterns: list[URLPattern] = [
    path("", pages.show, name="holidays"),
    path("<int:year>/", pages.year, name="holiday"),
]
