"""Addresses of the queue."""

from django.urls import URLPattern, path

from desk.queue import handover_page, page

urlpatterns: list[URLPattern] = [
    path("", page.show, name="queue"),
    path("hand-over/", handover_page.listing, name="queue-holders"),
    path("hand-over/<int:pk>/", handover_page.show, name="queue-hand-over"),
]
