"""Addresses of the programme room, under /programme/."""

from django.urls import path

from .views import deliveries, figures, plans, reports

app_name = "programme"

urlpatterns = [
    path("", plans.plan_list, name="plan_list"),
    path("import/", plans.plan_import, name="plan_import"),
    path("follow-up/", plans.follow_up, name="follow_up"),
    path("plans/<ref:ref>/", plans.plan, name="plan"),
    path("initiatives/<ref:ref>/", plans.initiative, name="initiative"),
    path("initiatives/<ref:ref>/deliver/", deliveries.delivery_add, name="delivery_add"),
    path("deliveries/<ref:ref>/end/", deliveries.delivery_end, name="delivery_end"),
    path("indicators/<ref:ref>/", figures.indicator, name="indicator"),
    path("initiatives/<ref:ref>/charts/<slug:key>.<slug:theme>.svg", figures.live_chart, name="live_chart"),
    path("reports/<ref:ref>/charts/<slug:key>.<slug:theme>.svg", figures.report_chart, name="report_chart"),
    path("initiatives/<ref:ref>/reports/", reports.report_start, name="report_start"),
    path("reports/<ref:ref>/", reports.report, name="report"),
    path("reports/<ref:ref>/write/", reports.report_write, name="report_write"),
    path("reports/<ref:ref>/issue/", reports.report_issue, name="report_issue"),
    path("reports/<ref:ref>/<slug:language>.pdf", reports.report_paper, name="report_paper"),
]
