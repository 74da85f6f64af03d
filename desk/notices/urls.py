"""Addresses of the register of reminders and interviews (5-1 to 5-6)."""

from django.urls import path

from desk.notices import due, edit, files, listing, page, papers

urlpatterns = [
    path("", listing.show, name="notices"),
    path("due/", due.show, name="notices-due"),
    path("taken-over/", due.taken_over_list, name="notices-taken-over"),
    path("attempt/", due.attempt, name="notice-attempt"),
    path("new/", edit.new, name="notice-new"),
    path("<int:pk>/", page.show, name="notice"),
    path("<int:pk>/edit/", edit.change, name="notice-edit"),
    path("<int:pk>/preview/<slug:kind>/", papers.show, name="notice-preview"),
    path("<int:pk>/act/<slug:step>/", page.act, name="notice-act"),
    path("<int:pk>/files/", files.add, name="notice-file-add"),
    path("files/<int:pk>/", files.download, name="notice-file"),
    path("<int:pk>/verdict/<slug:step>/", page.verdict, name="notice-verdict"),
]
