// Files of an answer: photo, sound, film, anything. Pictures are drawn anew, so that place, time and phone do not travel with them.
import type { UploadNode } from "@getodk/xforms-engine";
import { appearances, questionName, type Ask, type Widget } from "../ask";
import { button, fill, h } from "../dom";
import { extensionOf } from "../engine";
import { drawingWidget } from "./drawing";

export function uploadWidget(ask: Ask<UploadNode>): Widget {
  const type = ask.node.nodeOptions.media.type;
  const wanted = appearances(ask.node);
  if (type === "image" && (wanted.has("signature") || wanted.has("draw") || wanted.has("annotate"))) return drawingWidget(ask, wanted);
  return fileWidget(ask, type === "image" || type === "audio" || type === "video" ? type : "file", wanted);
}

type Kind = "image" | "audio" | "video" | "file";
const LARGEST = 1920; // pixels of the longer side, unless the form says otherwise: a photo of 300 KB, not 5 MB

// Draws a picture anew. Throws where the phone cannot read it: then it is not kept at all.
export async function redrawn(file: Blob, largest: number, name: string): Promise<File> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, largest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const brush = canvas.getContext("2d")!;
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return fileOf(canvas, name);
}

// By its first bytes: what a phone calls no picture may be one all the same, with the place inside.
const PICTURES = [/^\xff\xd8\xff/, /^\x89PNG/, /^GIF8/, /^RIFF[^]{4}WEBP/, /^(?:II\*\0|MM\0\*)/, /^[^]{4}ftyp(?:hei|hev|mif|msf|avi)/];
async function looksLikePicture(file: Blob): Promise<boolean> {
  const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  return PICTURES.some((one) => one.test(start));
}

export function fileOf(canvas: HTMLCanvasElement, name: string): Promise<File> {
  return new Promise((tell, fail) =>
    canvas.toBlob((blob) => (blob ? tell(new File([blob], `${name}.jpg`, { type: "image/jpeg" })) : fail(new Error("no picture"))), "image/jpeg", 0.85),
  );
}

const EXTENSIONS: Record<string, string> = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/mpeg": "mp3", "video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov" };

function fileWidget(ask: Ask<UploadNode>, kind: Kind, wanted: Set<string>): Widget {
  const { node, say } = ask;
  const told = h("p.q-told", { role: "status" });
  const shown = h("div.q-shown", {});
  const name = questionName(node);
  let problem: string | null = null;
  let url = "";
  let drawnFor: File | null | undefined;

  const take = async (file: File): Promise<void> => {
    problem = null;
    told.textContent = say("working");
    try {
      const isPicture = kind === "image" || file.type.startsWith("image/") || (await looksLikePicture(file));
      const extension = EXTENSIONS[file.type.split(";")[0]!] ?? extensionOf(file.name);
      const kept = isPicture
        ? await redrawn(file, node.maxPixels ?? LARGEST, name)
        : new File([file], extension ? `${name}.${extension}` : name, { type: file.type });
      node.setValue(kept);
      show();
    } catch {
      problem = null;
      told.textContent = say("photoBad");
    }
  };
  // A button beside a hidden field: looks and speaks alike on every phone.
  const picker = (key: Parameters<typeof say>[0], accept: string, capture?: string): HTMLElement[] => {
    const input = h<HTMLInputElement>("input.q-file", { type: "file", accept, capture, tabindex: -1, "aria-hidden": "true" });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      input.value = "";
      if (file) void take(file);
    });
    return [button("q-secondary", say(key), () => input.click()), input];
  };
  const front = wanted.has("new-front") || wanted.has("front") ? "user" : "environment";
  const onlyNew = wanted.has("new") || wanted.has("new-front");
  const ways: Record<Kind, () => HTMLElement[]> = {
    image: () => [...picker("takePhoto", "image/*", front), ...(onlyNew ? [] : picker("choosePhoto", "image/*"))],
    audio: () => [recorder(take, ask, told), ...(onlyNew ? [] : picker("chooseSound", "audio/*"))],
    video: () => [...picker("takeVideo", "video/*", front), ...(onlyNew ? [] : picker("chooseVideo", "video/*"))],
    file: () => picker("chooseFile", node.nodeOptions.media.accept === "*" ? "" : node.nodeOptions.media.accept),
  };
  const note: Record<Kind, Parameters<typeof say>[0] | null> = { image: "photoNote", audio: null, video: "videoNote", file: "fileNote" };
  const remove = button("q-quiet", say("removeFile"), () => {
    node.setValue(null);
    show();
    actions.querySelector("button")?.focus();
  });
  const actions = h("div.q-ways", {}, ...ways[kind]());

  const show = (): void => {
    const file = node.currentState.value;
    if (node.currentState.attachmentState?.loading) told.textContent = say("fileWait");
    if (file === drawnFor) return;
    drawnFor = file;
    if (url) URL.revokeObjectURL(url);
    url = file ? URL.createObjectURL(file) : "";
    const label = ask.label();
    if (!file) fill(shown);
    else if (file.type.startsWith("image/")) fill(shown, h("img.q-picture", { src: url, alt: `${say("picture")}: ${label}` }));
    else if (kind === "audio") fill(shown, h("audio", { src: url, controls: true, "aria-label": label }));
    else if (kind === "video") fill(shown, h("video.q-picture", { src: url, controls: true, "aria-label": label }));
    else fill(shown);
    told.textContent = file ? say("kept", { name: file.name, size: sizeOf(file.size, ask.language) }) : "";
    remove.hidden = !file;
  };
  show();
  return {
    element: h("div.q-upload", {}, note[kind] ? h("p.q-aside", {}, say(note[kind])) : null, actions, told, shown, remove),
    kind: "group",
    update: show,
    problem: () => problem,
    focus: () => actions.querySelector("button")?.focus(),
    close: () => {
      actions.dispatchEvent(new Event("q-close"));
      if (url) URL.revokeObjectURL(url);
    },
  };
}

export function sizeOf(bytes: number, language: string): string {
  const [amount, unit] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1000)), "kilobyte"] : [Math.round(bytes / 100_000) / 10, "megabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(amount);
}

function recorder(take: (file: File) => Promise<void>, { node, say }: Ask<UploadNode>, told: HTMLElement): HTMLElement {
  let running: MediaRecorder | null = null;
  const start = async (): Promise<void> => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts: Blob[] = [];
      const machine = new MediaRecorder(stream);
      machine.ondataavailable = ({ data }) => parts.push(data);
      machine.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        running = null;
        toggle.textContent = say("record");
        const type = machine.mimeType.split(";")[0] || "audio/webm";
        void take(new File(parts, `sound.${EXTENSIONS[type] ?? "webm"}`, { type }));
      };
      running = machine;
      machine.start(1000);
      told.textContent = say("recording");
      toggle.textContent = say("recordStop");
    } catch {
      told.textContent = say("recordOff");
    }
  };
  const toggle = button("q-secondary", say("record"), () => void (running ? running.stop() : start()));
  void node;
  // A screen that goes away ends the recording and keeps it.
  queueMicrotask(() => toggle.parentElement?.addEventListener("q-close", () => running?.stop()));
  return toggle;
}
