// Lists as forms wrote them before choices could come from files: `search()` in an appearance, and a `query` at a field for text.
// The engine knows neither: it would show an empty field, or the names of columns as a choice. What can be said as an itemset
// becomes one before the form is opened; what cannot carries a mark, and the question says so. What is sent stays the same.
import { children, quoted, splitArguments } from "./xpath";

const XF = "http://www.w3.org/2002/xforms";
export const NEEDS = "data-needs";
const QUERY = /^\s*instance\('([^']+)'\)\/root\/item(\[.*\])?\s*$/s;
const SEARCH = /(?:^|\s)search\s*\(/;
const LIST = "itemsets"; // the file of all lists that a `query` may ask, and the column that tells them apart

export function modern(xform: string): string {
  if (!/\squery=|search\s*\(/.test(xform)) return xform;
  const page = new DOMParser().parseFromString(xform, "application/xml");
  const model = page.getElementsByTagNameNS(XF, "model")[0];
  if (!model) return xform;
  const files = new Set<string>();
  for (const control of [...page.getElementsByTagNameNS(XF, "input")]) if (control.hasAttribute("query")) asked(control, files);
  for (const kind of ["select", "select1"]) {
    for (const control of [...page.getElementsByTagNameNS(XF, kind)]) {
      if (SEARCH.test(control.getAttribute("appearance") ?? "")) searched(control, files);
    }
  }
  for (const file of files) {
    const instance = page.createElementNS(XF, "instance");
    instance.setAttribute("id", idOf(file));
    instance.setAttribute("src", `jr://file-csv/${file}.csv`);
    model.insertBefore(instance, children(model, "instance").at(-1)!.nextSibling);
  }
  return new XMLSerializer().serializeToString(page);
}

// An id that no list of the form has by chance: the same file may stand in the form under its own name.
const idOf = (file: string): string => `older-${file.replace(/[^\w-]/g, "-")}`;

function itemset(control: Element, file: string, conditions: string, value: string, label: string): void {
  const made = control.ownerDocument.createElementNS(XF, "itemset");
  made.setAttribute("nodeset", `instance('${idOf(file)}')/root/item${conditions}`);
  for (const [name, ref] of [["value", value], ["label", label]] as const) {
    const part = control.ownerDocument.createElementNS(XF, name);
    part.setAttribute("ref", ref);
    made.append(part);
  }
  control.append(made);
}

// <input query="instance('towns')/root/item[region=/data/region]">: one choice of a list in itemsets.csv.
function asked(control: Element, files: Set<string>): void {
  const found = QUERY.exec(control.getAttribute("query")!);
  if (!found) return control.setAttribute(NEEDS, "select_one_external");
  const select = control.ownerDocument.createElementNS(XF, "select1");
  for (const { name, value } of control.attributes) if (name !== "query") select.setAttribute(name, value);
  select.append(...control.childNodes);
  control.replaceWith(select);
  files.add(LIST);
  itemset(select, LIST, `[list_name='${found[1]}']${found[2] ?? ""}`, "name", "label");
}

// appearance="minimal search('towns', 'matches', 'region', /data/region)": one item that names the columns of towns.csv.
function searched(control: Element, files: Set<string>): void {
  const appearance = control.getAttribute("appearance")!;
  const start = SEARCH.exec(appearance)!;
  const given = splitArguments(appearance, start.index + start[0].length);
  const items = children(control, "item");
  const [value, labels] = [wordsOf(items[0], "value"), wordsOf(items[0], "label").split(/\s*,\s*/)];
  const file = given && quoted(given.parts[0]);
  const conditions = given && conditionsOf(given.parts);
  // A name of a file that is worked out, choices of the form's own beside those of the file.
  if (!file || conditions === null || items.length !== 1 || ![value, ...labels].every((name) => COLUMN.test(name))) {
    return control.setAttribute(NEEDS, "search()");
  }
  const rest = `${appearance.slice(0, start.index)} ${appearance.slice(given.end)}`.trim();
  control.setAttribute("appearance", rest);
  items[0]!.remove();
  const name = file.replace(/\.csv$/i, "");
  files.add(name);
  itemset(control, name, conditions, value, labels.length > 1 ? `concat(${labels.join(", ', ', ")})` : labels[0]!);
}

// What stands in an item; where it stands in the form's texts, in the first language.
function wordsOf(item: Element | undefined, name: string): string {
  const part = item && children(item, name)[0];
  const id = /jr:itext\('([^']+)'\)/.exec(part?.getAttribute("ref") ?? "")?.[1];
  const text = id ? [...item!.ownerDocument.getElementsByTagNameNS(XF, "text")].find((one) => one.id === id) : part;
  return text?.textContent?.trim() ?? "";
}

const COLUMN = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;
const WAYS: Record<string, (column: string, sought: string) => string> = {
  matches: (column, sought) => `${column} = ${sought}`,
  contains: (column, sought) => `contains(${column}, ${sought})`,
  startswith: (column, sought) => `starts-with(${column}, ${sought})`,
  endswith: (column, sought) => `ends-with(${column}, ${sought})`,
};

// search(file), search(file, way, columns, sought), search(file, way, columns, sought, column, value).
function conditionsOf(parts: string[]): string | null {
  if (parts.length === 1) return "";
  const way = WAYS[quoted(parts[1])?.toLowerCase() ?? ""];
  const columns = quoted(parts[2])?.split(/\s*,\s*/) ?? [];
  if (!way || ![4, 6].includes(parts.length) || !columns.every((name) => COLUMN.test(name))) return null;
  const sought = `[${columns.map((column) => way(column, parts[3]!)).join(" or ")}]`;
  if (parts.length === 4) return sought;
  const column = quoted(parts[4]);
  return column && COLUMN.test(column) ? `${sought}[${column} = ${parts[5]}]` : null;
}
