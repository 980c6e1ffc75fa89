// "Leave this page": the component of govuk-frontend, but the page left behind is also replaced in the history.
import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";

class LeaveThisPage extends ExitThisPage {
  exitPage() {
    document.title = "\u200b";
    document.body.classList.add("govuk-exit-this-page-hide-content");
    this.$overlay = document.createElement("div");
    this.$overlay.className = "govuk-exit-this-page-overlay";
    this.$overlay.setAttribute("role", "alert");
    document.body.append(this.$overlay);
    this.$overlay.textContent = this.i18n.t("activated");
    window.location.replace(this.$button.href);
  }
}
LeaveThisPage.moduleName = ExitThisPage.moduleName;
LeaveThisPage.defaults = ExitThisPage.defaults;
LeaveThisPage.schema = ExitThisPage.schema;

export function startExit() {
  for (const root of document.querySelectorAll('[data-module="govuk-exit-this-page"]')) new LeaveThisPage(root);
}
