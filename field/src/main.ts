// Where the app begins: take the link out of the address at once, then show what may be shown.
import "./look.css";
import { app, draw, drawQuietly, drawWith, watch } from "./shell/app";
import { drawApp, paint } from "./shell/frame";
import * as guise from "./shell/guise";
import * as installing from "./shell/installing";
import * as language from "./shell/language";
import { keepLink, tokenIn } from "./shell/screens/gate";
import { showLight } from "./shell/screens/more";
import { register } from "./shell/updates";

function takeLinkFromAddress(): void {
  const token = tokenIn(location.href);
  if (location.hash) history.replaceState(null, "", "/field/");
  if (token) keepLink(token);
}

async function begin(): Promise<void> {
  takeLinkFromAddress();
  language.show();
  guise.show();
  showLight();
  drawWith(paint);
  await drawApp();
  watch();
  installing.listen(drawQuietly);
  addEventListener("hashchange", () => {
    takeLinkFromAddress();
    draw();
  });
  await register();
  app.persistent = (await navigator.storage?.persisted?.()) ?? null;
}

void begin();
