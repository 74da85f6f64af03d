"""Error pages: in Chinese, with a reference number, and the last one without the database."""

from __future__ import annotations

import logging
import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from accounts.roles import Role
from core import error_pages
from tests import factories


def test_the_page_of_a_breakdown_asks_the_database_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without the django_db mark any query is an error."""
    with caplog.at_level(logging.WARNING):
        answer = error_pages.server_error(RequestFactory().get("/subjects/1/"))
    assert answer.status_code == 500
    page = answer.content.decode()
    found = re.search(r"E-[0-9A-F]{6}", page)
    assert found
    assert found[0] in caplog.text
    assert "没有处理成功" in page


@pytest.mark.django_db
def test_a_wrong_address_says_so_in_chinese(client: Client) -> None:
    client.force_login(factories.officer(Role.OFFICE))
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


@pytest.mark.django_db
def test_a_refusal_says_who_may(client: Client) -> None:
    client.force_login(factories.officer(Role.TIP_HANDLER))
    answer = client.get(reverse("desk:subject", args=[1]))
    assert answer.status_code == 403
    assert "您现在的角色是举报专办员" in answer.content.decode()


def test_a_form_that_waited_too_long_says_how_to_go_on() -> None:
    answer = error_pages.csrf_failure(RequestFactory().post("/"))
    assert answer.status_code == 403
    assert "刷新后重新提交" in answer.content.decode()


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a view that breaks")


urlpatterns = [path("broken/", login_not_required(broken))]
handler500 = "core.error_pages.server_error"


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_view_that_breaks_is_answered_in_chinese_without_a_trace(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/broken/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert re.search(r"E-[0-9A-F]{6}", page)
    assert "没有处理成功" in page
    assert "RuntimeError" not in page
    assert "a view that breaks" not in page


@pytest.mark.django_db
def test_the_address_of_a_form_says_how_to_use_it(client: Client) -> None:
    client.force_login(factories.officer(Role.RECORDER))
    answer = client.get("/violations/penalties/preview/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "这个地址不能直接打开" in answer.content.decode()
    assert re.search(r"E-[0-9A-F]{6}", answer.content.decode())
