// Recording a visit with one thumb: plus and minus, and only the questions that fit the outcome.
// Without this file the page asks everything at once and works just as well.
(() => {
  const form = document.querySelector("form[data-record]");
  if (!form) return;

  for (const counter of form.querySelectorAll("[data-counter]")) {
    const input = counter.querySelector("input");
    for (const button of counter.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const most = Number(input.max || 5000);
        const next = Math.min(most, Math.max(0, (parseInt(input.value, 10) || 0) + Number(button.dataset.step)));
        input.value = String(next);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }

  // A part that does not fit the outcome is hidden and not sent; what was typed in it stays for a change of mind.
  const parts = [...form.querySelectorAll("[data-when]")];
  const showParts = () => {
    const chosen = form.querySelector("input[name=outcome]:checked");
    for (const part of parts) {
      const fits = Boolean(chosen) && part.dataset.when.split(" ").includes(chosen.value);
      part.hidden = !fits;
      part.disabled = !fits;
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === "outcome") showParts();
  });
  showParts();

  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
})();
