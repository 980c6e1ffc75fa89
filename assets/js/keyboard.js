// Keys for people who work here all day: "/" searches, "g" and a letter goes, "?" helps, Escape closes.
// They rest while someone writes, and whoever uses a speech or screen reader can switch them off in the help.
const WRITING = "input, textarea, select, [contenteditable]";

export function startKeyboard() {
  const help = document.getElementById("keyboard-help");
  let going = 0;

  const off = () => localStorage.getItem("keys") === "off";
  const toggle = help?.querySelector("[data-keys-switch]");
  if (toggle) {
    toggle.checked = !off();
    toggle.addEventListener("change", () => localStorage.setItem("keys", toggle.checked ? "on" : "off"));
  }

  for (const opener of document.querySelectorAll("[data-open-help]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => help?.showModal());
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(WRITING) || document.querySelector("dialog[open]")) return;
    if (event.key === "?" && help && !off()) {
      event.preventDefault();
      help.showModal();
      return;
    }
    if (off()) return;
    if (event.key === "/") {
      const search = document.querySelector("main input[type=search], main [data-search]");
      if (search) {
        event.preventDefault();
        for (let part = search.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
        search.focus();
        search.select?.();
      }
      return;
    }
    const now = Date.now();
    if (going && now - going < 1500) {
      going = 0;
      const link = document.querySelector(`a[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    going = event.key === "g" ? now : 0;
  });
}
