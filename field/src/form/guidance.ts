// Guidance is read from the form itself: the engine does not pass on the "guidance" form of a hint.

export type Guidance = (reference: string, language: string) => string;

export function guidanceOf(xform: string): Guidance {
  const found = new Map<string, Map<string, string>>(); // id of a text → language → guidance
  if (!xform.includes('"guidance"')) return () => "";
  const page = new DOMParser().parseFromString(xform, "application/xml");
  for (const value of page.querySelectorAll('translation > text > value[form="guidance"]')) {
    const id = value.parentElement?.getAttribute("id") ?? "";
    const language = value.closest("translation")?.getAttribute("lang") ?? "";
    if (!found.has(id)) found.set(id, new Map());
    const words = (value.textContent ?? "").trim();
    if (words !== "-") found.get(id)!.set(language, words); // what pyxform writes where a language has none
  }
  const ids = new Map<string, string>(); // path of a question → id of its hint
  for (const hint of page.querySelectorAll("hint[ref]")) {
    const id = /jr:itext\('([^']+)'\)/.exec(hint.getAttribute("ref") ?? "")?.[1];
    const path = hint.parentElement?.getAttribute("ref");
    if (id && path && found.has(id)) ids.set(path, id);
  }
  return (reference, language) => {
    const languages = found.get(ids.get(reference.replace(/\[\d+\]/g, "")) ?? "");
    return languages?.get(language) ?? languages?.values().next().value ?? "";
  };
}
