"""Addresses of the pages that join floors."""

from django.urls import URLPattern, path

from desk import workbench

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", workbench.show, name="workbench"),
]
