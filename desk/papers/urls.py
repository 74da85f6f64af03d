"""Addresses of the pages of papers."""

from django.urls import URLPattern, path

from desk.papers import batches, due, files, issuing, page, register, subject, texts

urlpatterns: list[URLPattern] = [
    path("", register.show, name="papers"),
    path("<int:pk>/", page.show, name="paper"),
    path("<int:pk>/file/", files.file, name="paper-file"),
    path("<int:pk>/page/<int:page>/", files.page_image, name="paper-page"),
    path("<int:pk>/serve/", page.serve, name="paper-serve"),
    path("<int:pk>/serve/take-back/", page.take_back, name="paper-service-take-back"),
    path("<int:pk>/reissue/", page.reissue, name="paper-reissue"),
    path("<int:pk>/reissue/preview/", files.reissue_preview, name="paper-reissue-preview"),
    path("decisions/<int:pk>/repair-notice/", issuing.repair_notice, name="paper-repair-notice"),
    path("lists/<int:pk>/<slug:kind>/", issuing.for_entry, name="paper-for-entry"),
    path("subjects/<int:pk>/", subject.show, name="paper-for-subject"),
    path("due/", due.show, name="papers-due"),
    path("batches/", batches.start, name="paper-batch-new"),
    path("batches/<int:pk>/", batches.show, name="paper-batch"),
    path("batches/<int:pk>/progress/", batches.progress, name="paper-batch-progress"),
    path("batches/<int:pk>/file/", batches.file, name="paper-batch-file"),
    path("texts/", texts.index, name="paper-texts"),
    path("texts/<int:pk>/publish/", texts.publish, name="paper-text-publish"),
    path("texts/<int:pk>/discard/", texts.discard, name="paper-text-discard"),
    path("texts/<slug:kind>/<slug:block>/", texts.show, name="paper-text"),
    path("texts/<slug:kind>/<slug:block>/preview/", texts.preview, name="paper-text-preview"),
]
