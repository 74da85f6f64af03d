"""Address of the desk box."""

from django.urls import URLPattern, path

from desk.ask import page

urlpatterns: list[URLPattern] = [path("", page.show, name="ask")]
