"""Addresses of the page of data quality."""

from django.urls import URLPattern, path

from desk.quality import page

urlpatterns: list[URLPattern] = [path("quality/", page.show, name="quality")]
