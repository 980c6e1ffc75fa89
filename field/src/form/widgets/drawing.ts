// Signature, drawing and drawing on a picture. Who cannot draw types the name, and it is put into the picture.
import type { UploadNode } from "@getodk/xforms-engine";
import { questionName, type Ask, type Widget } from "../ask";
import { button, h } from "../dom";
import { fileOf, redrawn } from "./upload";

type Line = [number, number][];
const WIDE = 1200;

export function drawingWidget(ask: Ask<UploadNode>, wanted: Set<string>): Widget {
  const { node, say } = ask;
  const isSignature = wanted.has("signature");
  const isAnnotated = wanted.has("annotate");
  const name = questionName(node);
  const canvas = h<HTMLCanvasElement>("canvas.q-canvas", {
    width: WIDE, height: isSignature ? WIDE / 2 : WIDE, role: "img", "aria-label": `${ask.label()}: ${say(isSignature ? "signHere" : "drawHere")}`,
  });
  const brush = canvas.getContext("2d")!;
  const told = h("p.q-told", { role: "status" });
  let lines: Line[] = [];
  let text = "";
  let ground: ImageBitmap | null = null;
  let written: File | null = null;

  const paint = (): void => {
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    if (ground) brush.drawImage(ground, 0, 0, canvas.width, canvas.height);
    brush.strokeStyle = isAnnotated ? "#a4262c" : "#1d2a2f";
    brush.fillStyle = brush.strokeStyle;
    brush.lineWidth = 6;
    brush.lineCap = brush.lineJoin = "round";
    for (const line of lines) {
      brush.beginPath();
      line.forEach(([x, y], index) => (index ? brush.lineTo(x, y) : brush.moveTo(x, y)));
      if (line.length === 1) brush.lineTo(line[0]![0] + 1, line[0]![1]);
      brush.stroke();
    }
    if (text) {
      brush.font = `italic ${Math.min(120, (WIDE * 1.6) / Math.max(8, text.length))}px serif`;
      brush.textAlign = "center";
      brush.fillText(text, canvas.width / 2, canvas.height / 2, canvas.width * 0.9);
    }
  };
  const keep = async (): Promise<void> => {
    paint();
    if (!lines.length && !text && !ground) written = null;
    else written = await fileOf(canvas, name);
    node.setValue(written);
    told.textContent = say(written ? "drawKept" : "drawEmpty");
  };
  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * canvas.width, ((event.clientY - box.top) / box.height) * canvas.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (isAnnotated && !ground) return void (told.textContent = say("annotateFirst"));
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    lines.push([at(event)]);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    lines.at(-1)!.push(at(event));
    paint();
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    canvas.releasePointerCapture(event.pointerId);
    void keep();
  });

  const load = async (file: Blob): Promise<void> => {
    try {
      const clean = await redrawn(file, node.maxPixels ?? WIDE, name);
      ground = await createImageBitmap(clean);
      canvas.width = ground.width;
      canvas.height = ground.height;
      lines = [];
      await keep();
    } catch {
      told.textContent = say("photoBad");
    }
  };
  const pick = h<HTMLInputElement>("input.q-file", { type: "file", accept: "image/*", tabindex: -1, "aria-hidden": "true" });
  pick.addEventListener("change", () => {
    const file = pick.files?.[0];
    pick.value = "";
    if (file) void load(file);
  });
  const typing = h<HTMLInputElement>("input.q-input", { "aria-label": `${ask.label()}: ${say("typeName")}`, placeholder: say("typeName"), autocomplete: "off" });
  const typeIt = (): void => {
    text = typing.value.trim();
    void keep();
  };
  typing.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    typeIt();
  });
  const tools = h("div.q-ways", {},
    isAnnotated ? button("q-secondary", say("choosePhoto"), () => pick.click()) : null, isAnnotated ? pick : null,
    button("q-quiet", say("drawUndo"), () => {
      lines.pop();
      void keep();
    }),
    button("q-quiet", say("drawClear"), () => {
      lines = [];
      text = "";
      ground = null;
      void keep();
    }));
  const byName = h("div.q-row", {}, typing, button("q-secondary", say("typeNameKeep"), typeIt));

  // A drawing of a draft is put under what is drawn next.
  const start = node.currentState.value;
  paint();
  told.textContent = say(start ? "drawKept" : isAnnotated ? "annotateFirst" : isSignature ? "signHere" : "drawHere");
  const show = async (file: File): Promise<void> => {
    written = file;
    ground = await createImageBitmap(file);
    canvas.width = ground.width;
    canvas.height = ground.height;
    paint();
    told.textContent = say("drawKept");
  };
  if (start) void show(start);
  return {
    element: h("div.q-drawing", {}, canvas, told, tools, byName),
    kind: "group",
    update: () => {
      const value = node.currentState.value;
      if (value && value !== written && !lines.length && !text) void show(value);
    },
    focus: () => typing.focus(),
  };
}
