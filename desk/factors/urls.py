"""Addresses of the other inputs of 1-3."""

from django.urls import URLPattern, path

from desk.factors import edit, pages, sheets

urlpatterns: list[URLPattern] = [
    path("", pages.listing, name="factors"),
    path("new/", edit.add, name="factor-add"),
    path("<int:pk>/", pages.show, name="factor"),
    path("<int:pk>/revoke/", edit.revoke, name="factor-revoke"),
    path("<int:pk>/end/", edit.end, name="factor-end"),
    path("sheets/", sheets.listing, name="factor-sheets"),
    path("sheets/new/", sheets.upload, name="factor-sheet-add"),
    path("sheets/<int:pk>/", sheets.show, name="factor-sheet"),
    path("sheets/<int:pk>/settle/", sheets.settle, name="factor-sheet-settle"),
]
