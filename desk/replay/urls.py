"""Address of the page that looks back at a day."""

from django.urls import URLPattern, path

from desk.replay import views

urlpatterns: list[URLPattern] = [
    path("subjects/<int:pk>/replay/", views.show, name="replay"),
]
