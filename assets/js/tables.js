// A table that fits needs no stop of its own in the tab order; one that scrolls does.
export function startTables(root) {
  const watcher = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth + 1 || target.scrollHeight > target.clientHeight + 1;
      if (scrolls) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
      target.classList.toggle("ly-table-region--scrolls", scrolls);
    }
  });
  for (const region of root.querySelectorAll(".ly-table-region")) watcher.observe(region);
}
