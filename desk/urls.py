"""Addresses of the pages that join floors."""

from django.urls import URLPattern, URLResolver, include, path

from desk import (
    decision_confirm,
    decision_withdraw,
    decisions,
    entry,
    entry_autosave,
    entry_check,
    entry_preview,
    register,
    register_export,
    set_aside,
    subject_forms,
    subject_lookup,
    subject_page,
    workbench,
)

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", workbench.show, name="workbench"),
    path("subjects/", register.show, name="subjects"),
    path("subjects/export/", register_export.export, name="subjects-export"),
    path("subjects/new/", subject_forms.create, name="subject-create"),
    path("subjects/lookup/", subject_lookup.fragment, name="subject-lookup"),
    path("subjects/<int:pk>/edit/", subject_forms.edit, name="subject-edit"),
    path("subjects/<int:pk>/", subject_page.show, name="subject"),
    path("subjects/<int:pk>/history/", subject_page.history, name="subject-history"),
    path("subjects/<int:pk>/status/", subject_page.status, name="subject-status"),
    path("set-aside/", set_aside.show, name="set-aside"),
    path("set-aside/<int:pk>/again/", set_aside.try_again, name="set-aside-again"),
    path("violations/", decisions.listing, name="decisions"),
    path("violations/new/", entry.new, name="entry"),
    path("violations/<slug:kind>/new/", entry.new, name="entry"),
    path("violations/<slug:kind>/preview/", entry_preview.fragment, name="entry-preview"),
    path("violations/<slug:kind>/autosave/", entry_autosave.autosave, name="entry-autosave"),
    path("violations/drafts/<int:pk>/", entry.draft, name="entry-draft"),
    path("violations/drafts/<int:pk>/discard/", entry.discard, name="entry-discard"),
    path("violations/<int:pk>/", decisions.show, name="decision"),
    path("violations/<int:pk>/edit/", entry.edit, name="entry-edit"),
    path("violations/<int:pk>/check/", entry_check.check_answers, name="entry-check"),
    path("violations/<int:pk>/withdraw/", decision_withdraw.withdraw, name="decision-withdraw"),
    path("violations/<int:pk>/confirm/", decision_confirm.confirm, name="decision-confirm"),
    path("corrections/", include("desk.corrections.urls")),
    path("outcomes/", include("desk.outcomes.urls")),
    path("laws/", include("desk.laws.urls")),
    path("imports/", include("desk.imports.urls")),
    path("", include("desk.attachments.urls")),
    path("audit/", include("desk.audit_trail.urls")),
]
