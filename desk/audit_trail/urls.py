"""Addresses of the auditor's pages."""

from django.urls import path

from desk.audit_trail import chain, export, page

urlpatterns = [
    path("", page.show, name="audit-trail"),
    path("export/", export.export, name="audit-export"),
    path("chain/", chain.show, name="audit-chain"),
    path("<int:pk>/", page.entry, name="audit-entry"),
]
