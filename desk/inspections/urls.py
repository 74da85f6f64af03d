"""Addresses of inspections."""

from django.urls import URLPattern, path

from desk.inspections import (
    acts,
    draw_file,
    index,
    interests,
    order,
    plan,
    plan_form,
    plans,
    result,
    results,
    statistics,
    visit,
)

urlpatterns: list[URLPattern] = [
    path("", index.show, name="inspections"),
    path("new/", order.new, name="inspection-new"),
    path("<int:pk>/", visit.show, name="inspection"),
    path("<int:pk>/result/", result.record, name="inspection-result"),
    path("<int:pk>/<slug:step>/", acts.act, name="inspection-act"),
    path("leaver/", acts.leaver, name="inspection-leaver"),
    path("plans/", plans.show, name="inspection-plans"),
    path("plans/new/", plan_form.new, name="inspection-plan-new"),
    path("plans/<int:pk>/", plan.show, name="inspection-plan"),
    path("plans/<int:pk>/draw/", plan.draw, name="inspection-plan-draw"),
    path("plans/<int:pk>/cancel/", plan.cancel, name="inspection-plan-cancel"),
    path("plans/<int:pk>/file/", draw_file.show, name="inspection-plan-file"),
    path("results/", results.show, name="inspection-results"),
    path("statistics/", statistics.show, name="inspection-statistics"),
    path("interests/", interests.show, name="inspection-interests"),
    path("interests/<int:pk>/end/", interests.end, name="inspection-interest-end"),
]
