// The engine that knows the logic of forms, and what we add to it: our names of files, media, and a bell when anything changed.
import type {
  AnyControlNode,
  AnyNode,
  FormLanguage,
  GroupNode,
  InstanceData,
  RepeatInstanceNode,
  RepeatRangeNode,
  RootNode,
  UploadNode,
} from "@getodk/xforms-engine";
import { coarsePosition } from "../coarsening";
import type { DraftState, Finished, FormSource } from "../seam";
import { guidanceOf, type Guidance } from "./guidance";
import { modern, NEEDS } from "./older";

export type Control = AnyControlNode;
export type Node = AnyNode;
export type { FormLanguage, GroupNode, RepeatInstanceNode, RepeatRangeNode, RootNode, UploadNode };

export interface Engine {
  root: RootNode;
  kept: ReadonlyMap<string, Blob>; // files of the draft this began from
  missing: string[];
  needs: string[]; // what the form uses and this app cannot do
  guidance: Guidance;
  grid: number | null;
  bell(ring: () => void): void;
  media(name: string): Promise<string | null>;
  close(): void;
}

const XML = "xml_submission_file";
const MARK = new RegExp(`${NEEDS}="([^"]+)"`, "g");
const TYPES: Record<string, string> = {
  csv: "text/csv", xml: "text/xml", geojson: "application/geo+json", json: "application/json", png: "image/png",
  jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", svg: "image/svg+xml", webp: "image/webp", mp3: "audio/mpeg",
  m4a: "audio/mp4", wav: "audio/wav", ogg: "audio/ogg", mp4: "video/mp4", webm: "video/webm",
};
export const extensionOf = (name: string): string => /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
const typeOf = (name: string): string => TYPES[extensionOf(name)] ?? "application/octet-stream";

// The name of a file in the filled form: the question and chance. What the phone called it says too much.
export function randomName(question: string, extension: string): string {
  const chance = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${question.replace(/[^\w-]/g, "").slice(0, 40) || "file"}-${chance}${extension ? `.${extension}` : ""}`;
}

// A position for forms that ask for one at their start; nothing where the phone says no.
const wherever = (grid: number | null | undefined) => ({
  getLocation: () =>
    new Promise<string>((tell) => {
      if (!navigator.geolocation) return tell("");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const exact = [coords.latitude, coords.longitude, coords.altitude ?? 0, coords.accuracy].join(" ");
          tell(grid ? coarsePosition(exact, grid) : exact);
        },
        () => tell(""),
        { enableHighAccuracy: true, timeout: 30_000, maximumAge: 60_000 },
      );
    }),
});

export async function startEngine(source: FormSource, draft?: DraftState): Promise<Engine> {
  const { loadForm } = await import("@getodk/xforms-engine");
  const missing = new Set<string>();
  const urls = new Map<string, Promise<string | null>>();
  let ring = (): void => undefined;
  const xform = modern(source.xform);

  const result = await loadForm(xform, {
    missingResourceBehavior: "BLANK",
    fetchFormAttachment: async (url) => {
      const name = nameOf(url);
      const blob = await source.media(name);
      if (!blob) missing.add(name);
      return blob ? new Response(blob, { headers: { "content-type": typeOf(name) } }) : new Response("", { status: 404 });
    },
  });
  if (result.status === "failure") throw result.error;

  const config = {
    stateFactory: <T extends object>(state: T): T =>
      new Proxy(state, {
        set(target, key, value) {
          const done = Reflect.set(target, key, value);
          ring();
          return done;
        },
      }),
    instanceAttachments: {
      fileNameFactory: (meta: { basename: string; extension: string | null }) =>
        randomName(meta.basename.replace(/-[0-9a-f]{16}$/, ""), meta.extension?.slice(1) ?? ""),
    },
    geolocationProvider: wherever(source.grid),
  };
  const instance = draft
    ? await result.restoreInstance({ data: [dataOf(draft)] }, config)
    : result.createInstance(config);

  return {
    root: instance.root,
    kept: new Map(draft?.files),
    missing: [...missing],
    needs: [...new Set([...xform.matchAll(MARK)].map((found) => found[1]!))],
    guidance: guidanceOf(xform),
    grid: source.grid ?? null,
    bell: (other) => (ring = other),
    media: (name) => {
      if (!urls.has(name)) {
        const found = source.media(name).then((blob) => blob && URL.createObjectURL(new Blob([blob], { type: typeOf(name) })));
        urls.set(name, found);
      }
      return urls.get(name)!;
    },
    close: () => {
      ring = () => undefined;
      for (const url of urls.values()) void url.then((made) => made && URL.revokeObjectURL(made));
    },
  };
}

export const nameOf = (url: { href: string } | URL): string => decodeURIComponent(url.href.split("/").at(-1) ?? "");

function dataOf(draft: DraftState): InstanceData {
  const data = new FormData();
  data.set(XML, new File([draft.instanceXml], XML, { type: "text/xml" }));
  for (const [name, blob] of draft.files) data.set(name, new File([blob], name, { type: blob.type }));
  return data as unknown as InstanceData;
}

// All controls below a node, whether or not they are asked just now.
export function* controls(node: Node): Generator<Control> {
  const children = node.currentState.children as readonly Node[] | null;
  if (children) for (const child of children) yield* controls(child);
  else if (node.nodeType !== "model-value" && node.nodeType !== "root") yield node as Control;
}

export function draftOf(engine: Engine, at: string): DraftState {
  return { instanceXml: engine.root.instanceState.instanceXML, files: filesOf(engine), at };
}

// Files by the names that stand in the answers. Those of a draft count before the engine has read them again.
function filesOf(engine: Engine): Map<string, Blob> {
  const files = new Map<string, Blob>();
  for (const node of controls(engine.root as Node)) {
    if (node.nodeType !== "upload" || !node.currentState.relevant) continue;
    const { instanceValue, value } = node.currentState;
    const file = value ?? engine.kept.get(instanceValue);
    if (instanceValue && file) files.set(instanceValue, file);
  }
  return files;
}

// What is sent: the engine's own words, byte for byte. Null while the engine still finds fault.
export async function finishedOf(engine: Engine): Promise<Finished | null> {
  const payload = await engine.root.prepareInstancePayload({ payloadType: "monolithic" });
  if (payload.status !== "ready") return null;
  const instanceXml = await payload.data[0].get(XML).text();
  // The engine leaves out files that a draft brought back; what the answers name must go along.
  const files = [...filesOf(engine)].map(([name, blob]) => ({ name, blob }));
  const instanceId = new DOMParser().parseFromString(instanceXml, "application/xml").getElementsByTagNameNS("*", "instanceID")[0];
  return { instanceId: instanceId?.textContent ?? "", instanceXml, files };
}
