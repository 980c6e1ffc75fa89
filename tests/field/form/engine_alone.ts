// The engine without our screens: answers go in by path, its own serialisation comes out. What the app sends must be equal.
import { loadForm } from "@getodk/xforms-engine";

interface Step {
  path: string;
  value?: string;
  add?: number; // entries to add to the list at `path`
}

async function answer(xform: string, media: Record<string, string>, steps: Step[]): Promise<string> {
  const result = await loadForm(xform, {
    fetchFormAttachment: async (url) => {
      const name = url.href.split("/").at(-1)!;
      return new Response(media[name] ?? "", { headers: { "content-type": name.endsWith("csv") ? "text/csv" : "text/xml" } });
    },
    missingResourceBehavior: "BLANK",
  });
  if (result.status === "failure") throw result.error;
  const { root } = result.createInstance();
  const find = (path: string): any => {
    const walk = (node: any): any => {
      if (node.currentState.reference === path && (!node.nodeType.startsWith("repeat-instance"))) return node;
      for (const child of node.currentState.children ?? []) {
        const found = walk(child);
        if (found) return found;
      }
      return null;
    };
    const found = walk(root);
    if (!found) throw new Error(`no ${path}`);
    return found;
  };
  for (const { path, value, add } of steps) {
    const node = find(path);
    if (add) node.addInstances(undefined, add);
    else if (node.nodeType === "select") node.selectValues(node.selectType === "select1" ? [value!] : value!.split(" ").filter(Boolean));
    else if (node.nodeType === "rank") node.setValues(value!.split(" "));
    else if (node.nodeType === "trigger") node.setValue(value === "OK");
    else if (node.nodeType === "upload") node.setValue(new File(["x"], value!, { type: "image/jpeg" }));
    else node.setValue(value!);
  }
  const payload = await root.prepareInstancePayload({ payloadType: "monolithic" });
  return payload.data[0].get("xml_submission_file").text();
}

(globalThis as unknown as { engineAlone: typeof answer }).engineAlone = answer;
