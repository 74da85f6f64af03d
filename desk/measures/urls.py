"""Addresses of the pages about measures."""

from django.urls import URLPattern, path

from desk.measures import catalogue, improvements, subject

urlpatterns: list[URLPattern] = [
    path("measures/", catalogue.listing, name="measures"),
    path("measures/<int:pk>/", catalogue.show, name="measure"),
    path("measures/<int:pk>/change/", catalogue.change, name="measure-change"),
    path("measures/<int:pk>/checked/", catalogue.ending_checked, name="measure-checked"),
    path("measures/better/", improvements.listing, name="improvements"),
    path("measures/better/<int:pk>/", improvements.show, name="improvement"),
    path("measures/better/<int:pk>/letter/", improvements.letter, name="improvement-letter"),
    path("measures/better/<int:pk>/<slug:kind>/", improvements.tell, name="improvement-tell"),
    path("subjects/<int:pk>/measures/", subject.show, name="subject-measures"),
    path("subjects/<int:pk>/measures/new/", subject.record, name="handling-new"),
]
