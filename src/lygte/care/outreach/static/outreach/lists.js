// On a phone the list comes first: filters that are not in use fold away. On a wide screen they are always open.
(() => {
  const filters = document.querySelector("details[data-filters]");
  if (!filters) return;
  const narrow = window.matchMedia("(max-width: 47.99rem)");
  const fold = () => {
    filters.open = !narrow.matches || filters.dataset.filters === "used";
  };
  narrow.addEventListener("change", fold);
  fold();
})();
