// A code that is scanned where the phone can, and typed where it cannot.
import type { AnyInputNode } from "@getodk/xforms-engine";
import { valueOf, type Ask, type Widget } from "../ask";
import { button, h } from "../dom";

type CodeNode = Extract<AnyInputNode, { valueType: string }> & { setValue(value: string): unknown };
interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
declare const BarcodeDetector: { new (): Detector };

export function barcodeWidget(ask: Ask<CodeNode>): Widget {
  const { node, say } = ask;
  const canScan = "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);
  const input = h<HTMLInputElement>("input.q-input", { id: ask.inputId, type: "text", autocomplete: "off", dir: "auto", "aria-describedby": ask.describedBy });
  const told = h("p.q-aside", { role: "status" }, canScan ? "" : say("scanOff"));
  const video = h<HTMLVideoElement>("video.q-picture", { hidden: true, muted: true, playsinline: true, "aria-label": say("scan") });
  let stream: MediaStream | null = null;

  const stop = (): void => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = true;
    toggle.textContent = say("scan");
  };
  const start = async (): Promise<void> => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      toggle.textContent = say("scanStop");
      await look(new BarcodeDetector());
    } catch {
      stop();
      told.textContent = say("scanNone");
    }
  };
  const look = async (detector: Detector): Promise<void> => {
    while (stream) {
      const [code] = await detector.detect(video);
      if (code) {
        input.value = code.rawValue;
        node.setValue(code.rawValue);
        stop();
        return;
      }
      await new Promise((wait) => setTimeout(wait, 150));
    }
  };
  const toggle = button("q-secondary", say("scan"), () => void (stream ? stop() : start()));
  toggle.hidden = !canScan;
  input.value = valueOf(node);
  input.addEventListener("input", () => node.setValue(input.value));
  return {
    element: h("div.q-code", {}, toggle, video, told, input),
    kind: "input",
    update: () => {
      if (input.value !== valueOf(node)) input.value = valueOf(node);
    },
    focus: () => input.focus(),
    close: stop,
  };
}
