// A value with a button that copies it. Without scripts the value can be selected by hand.
export function startCopying(root) {
  if (!navigator.clipboard) return;
  for (const part of root.querySelectorAll("[data-copy]")) {
    const button = part.querySelector("[data-copy-button]");
    const status = part.querySelector("[data-copy-status]");
    const label = button.querySelector("span");
    const usual = label.innerHTML;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(part.querySelector(".ly-copy__value").textContent);
      label.textContent = status.textContent = button.dataset.copied;
      setTimeout(() => {
        label.innerHTML = usual;
        status.textContent = "";
      }, 2500);
    });
  }
}
