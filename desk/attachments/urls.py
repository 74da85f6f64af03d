"""Addresses of papers and of service."""

from django.urls import URLPattern, path

from desk.attachments import add, look, served

urlpatterns: list[URLPattern] = [
    path("attachments/<int:pk>/", look.show, name="attachment"),
    path("attachments/<int:pk>/file/", look.download, name="attachment-file"),
    path("attachments/<int:pk>/page/<int:page>/", look.page_image, name="attachment-page"),
    path("attachments/<int:pk>/withdraw/", add.withdraw, name="attachment-withdraw"),
    path("violations/<int:pk>/attachments/", add.add, name="attachment-add"),
    path("violations/<int:pk>/served/", served.serve, name="decision-serve"),
]
