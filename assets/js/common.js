// What every page has: the mark that scripts run, menus that close, and a switch that sends itself.
export function startCommon() {
  document.documentElement.classList.add("has-script");
  document.body.classList.add("js-enabled", "govuk-frontend-supported");

  // A language or theme is chosen by one tap; without scripts each choice is a button of its own.
  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  // One open menu at a time; Escape and a tap beside it close it.
  const menus = [...document.querySelectorAll("details[data-menu]")];
  for (const menu of menus) {
    menu.addEventListener("toggle", () => {
      if (menu.open) for (const other of menus) if (other !== menu) other.open = false;
    });
  }
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A form is sent once, however often an impatient finger taps; after a while it may be sent again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    const now = Date.now();
    if (now - Number(form.dataset.sent ?? 0) < 3000) event.preventDefault();
    else form.dataset.sent = now;
  });

  // Print buttons are of no use without scripts, so they are hidden until now.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A passkey that was refused or not found is told in words, where the button is.
  document.addEventListener("allauth.error", () => {
    const told = document.querySelector("[data-passkey-failed]");
    if (!told) return;
    document.querySelector("main").append(told);
    told.hidden = false;
  });
}
