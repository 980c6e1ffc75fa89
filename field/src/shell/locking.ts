// The lock, in reach on every screen, inside a form as well: a tap locks, three seconds empty the app.
import { lockNow, wipeNow } from "./app";
import { h, held, icon } from "./elements";
import { t } from "./language";

export function lockButton(small = false): HTMLElement {
  const word = small ? null : h("span", { "aria-hidden": "true" }, t("lock"));
  const lock = held(t("lockHold"), 3, wipeNow, lockNow, "lock", icon("lock"), word);
  lock.id = "lock";
  return lock;
}
