// What the app asks of the server with the phone's token. Nothing of it may be kept by the browser's own cache.
import type { Keys, TodayNotes } from "./notebook";

export class CutOff extends Error {}
export class Unknown extends Error {}
export class Away extends Error {}

interface Said {
  state?: string;
  number?: string;
}

async function ask(token: string, path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/-/${encodeURIComponent(token)}/${path}`, {
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      ...options,
    });
  } catch {
    throw new Away();
  }
  if (response.status === 403) {
    const said = (await response.clone().json().catch(() => ({}))) as Said;
    if (said.state === "cut_off") throw new CutOff();
    if (said.state === "unknown") throw new Unknown();
  }
  if (response.status >= 500 || response.status === 429) throw new Away();
  return response;
}

async function json<T>(token: string, path: string, options?: RequestInit): Promise<T> {
  const response = await ask(token, path, options);
  if (!response.ok) throw new Away();
  try {
    return (await response.json()) as T;
  } catch {
    throw new Away(); // not our server: a page of the network in between
  }
}

const posted = (content: unknown): RequestInit => ({
  method: "POST",
  body: JSON.stringify(content),
  headers: { "Content-Type": "application/json" },
});

export const keys = (token: string) => json<Keys>(token, "keys");
export const today = (token: string, language: string) => json<TodayNotes>(token, `today?language=${language}`);

// Give the server the hash of a token that this phone made; the one from the link is dead from then on.
export async function renew(token: string, hash: string): Promise<{ phone: string }> {
  return json(token, "renew", posted({ hash }));
}

export const whoAmI = (token: string) => json<{ phone: string }>(token, "phone");
export const startCheckIn = (token: string, content: { id: string; colleague: string; due: string; place: string }) =>
  json<{ state: string; due: string }>(token, "checkins", posted(content));
export const endCheckIn = (token: string, id: string) => json<{ state: string }>(token, `checkins/${id}/safe`, posted({}));

export interface Listed {
  formId: string;
  version: string;
  title: string;
  hash: string;
  download: string;
  manifest: string | null;
}

const pathOf = (address: string) => new URL(address).pathname.split("/").slice(3).join("/");

export async function formList(token: string): Promise<Listed[]> {
  const list = parsed(await text(token, "formList"));
  return [...list.getElementsByTagName("xform")].map((form) => {
    const said = (name: string) => form.getElementsByTagName(name)[0]?.textContent ?? "";
    const manifest = said("manifestUrl");
    return {
      formId: said("formID"),
      version: said("version"),
      title: said("name"),
      hash: said("hash"),
      download: pathOf(said("downloadUrl")),
      manifest: manifest ? pathOf(manifest) : null,
    };
  });
}

export interface ListedFile {
  name: string;
  hash: string;
  download: string;
}

export async function manifest(token: string, path: string): Promise<ListedFile[]> {
  const list = parsed(await text(token, path));
  return [...list.getElementsByTagName("mediaFile")].map((file) => {
    const said = (name: string) => file.getElementsByTagName(name)[0]?.textContent ?? "";
    return { name: said("filename"), hash: said("hash"), download: pathOf(said("downloadUrl")) };
  });
}

export async function bytes(token: string, path: string): Promise<Blob> {
  const response = await ask(token, path);
  if (!response.ok) throw new Away();
  return response.blob();
}

async function text(token: string, path: string): Promise<string> {
  const response = await ask(token, path);
  if (!response.ok) throw new Away();
  return response.text();
}

function parsed(content: string): Document {
  const found = new DOMParser().parseFromString(content, "application/xml");
  if (found.getElementsByTagName("parsererror").length) throw new Away();
  return found;
}
