// A plain form without logic, until the real one moves in: every question that can hold text, one after the other.
import type { DraftState, FormHost, FormSource } from "../seam";

export async function openForm(
  root: HTMLElement,
  source: FormSource,
  host: FormHost,
  draft?: DraftState,
): Promise<{ close(): void }> {
  const page = new DOMParser().parseFromString(source.xform, "application/xml");
  const instance = page.querySelector("instance > *");
  if (!instance) throw new Error("the form has no instance");
  const xml = draft
    ? new DOMParser().parseFromString(draft.instanceXml, "application/xml")
    : document.implementation.createDocument(null, null);
  if (!draft) xml.appendChild(xml.importNode(instance, true));
  const files = new Map(draft?.files);
  const form = document.createElement("form");
  form.className = "q-plain";
  const heading = document.createElement("h1");
  heading.textContent = source.title;
  form.append(heading);
  const tell = () => host.onChange({ instanceXml: new XMLSerializer().serializeToString(xml), files });
  for (const node of page.querySelectorAll("input, upload")) {
    const path = (node.getAttribute("ref") ?? "").split("/").slice(2);
    let answer: Element | null = xml.documentElement;
    for (const name of path) answer = [...(answer?.children ?? [])].find((c) => c.localName === name) ?? null;
    if (!answer) continue;
    const place = answer;
    const label = document.createElement("label");
    const input = document.createElement("input");
    label.textContent = path.at(-1) ?? "";
    if (node.localName === "upload") {
      input.type = "file";
      input.onchange = () => {
        const file = input.files?.[0];
        if (!file) return;
        files.set(file.name, file);
        place.textContent = file.name;
        tell();
      };
    } else {
      input.value = place.textContent ?? "";
      input.oninput = () => {
        place.textContent = input.value;
        tell();
      };
    }
    label.append(input);
    form.append(label);
  }
  const done = document.createElement("button");
  done.textContent = "Send";
  form.append(done);
  form.onsubmit = (event) => {
    event.preventDefault();
    let id = [...xml.getElementsByTagName("*")].find((node) => node.localName === "instanceID");
    if (!id) {
      const meta = xml.createElementNS("http://openrosa.org/xforms", "orx:meta");
      id = xml.createElementNS("http://openrosa.org/xforms", "orx:instanceID");
      meta.append(id);
      xml.documentElement.append(meta);
    }
    if (!id.textContent) id.textContent = `uuid:${crypto.randomUUID()}`;
    host.onFinish({
      instanceId: id.textContent,
      instanceXml: new XMLSerializer().serializeToString(xml),
      files: [...files].map(([name, blob]) => ({ name, blob })),
    });
  };
  root.replaceChildren(form);
  return { close: () => root.replaceChildren() };
}
