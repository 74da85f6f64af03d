"""Addresses of the import: handing sheets in, and what becomes of each."""

from django.urls import URLPattern, path

from desk.imports import actions, downloads, faults, listing, run_page

urlpatterns: list[URLPattern] = [
    path("", listing.show, name="imports"),
    path("template/<slug:kind>/", downloads.template, name="import-template"),
    path("<int:pk>/", run_page.show, name="import-run"),
    path("<int:pk>/progress/", run_page.progress, name="import-progress"),
    path("<int:pk>/mend/", faults.mend_cells, name="import-mend"),
    path("<int:pk>/marked/", downloads.marked, name="import-marked"),
    path("<int:pk>/replace/", actions.replace, name="import-replace"),
    path("<int:pk>/submit/", actions.submit, name="import-submit"),
    path("<int:pk>/decide/", actions.decide, name="import-decide"),
    path("<int:pk>/cancel/", actions.cancel, name="import-cancel"),
    path("<int:pk>/undo/", actions.undo, name="import-undo"),
]
