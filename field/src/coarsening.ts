// Positions as coarse as the form's grade says, before anything is sealed: the twin of care/intake/coarsening.py.
// The server cannot round what it cannot open, so the phone does; a test holds the two equal.

const GEO = new Set(["geopoint", "geotrace", "geoshape"]);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

// The middle of the square in which a latitude or longitude lies. At the pole and the date line the last square counts,
// or the middle would be no position any more.
function square(value: number, grid: number, edge: number): string {
  const middle = (Math.floor(Math.min(value, edge - grid / 2) / grid) + 0.5) * grid;
  return String(Number(Number(middle.toFixed(6)).toPrecision(6)));
}

// Points in the middle of their squares; height and accuracy go, and so does what is no position.
export function coarsePosition(text: string, grid: number): string {
  const points: string[] = [];
  for (const point of text.split(";")) {
    const [latitude = "", longitude = ""] = point.trim().split(/\s+/);
    if (!NUMBER.test(latitude) || !NUMBER.test(longitude)) continue;
    if (!(Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180)) continue;
    const rounded = `${square(Number(latitude), grid, 90)} ${square(Number(longitude), grid, 180)} 0 0`;
    if (points.at(-1) !== rounded) points.push(rounded);
  }
  return points.join(";");
}

// Where a form keeps positions, by the types that it declares itself.
function positionsOf(xform: string): Set<string> {
  const form = new DOMParser().parseFromString(xform, "application/xml");
  const binds = [...form.getElementsByTagNameNS("http://www.w3.org/2002/xforms", "bind")];
  const geo = binds.filter((bind) => GEO.has((bind.getAttribute("type") ?? "").split(":").at(-1)!));
  return new Set(geo.map((bind) => bind.getAttribute("nodeset") ?? ""));
}

// A filled form made coarser; letter for letter the same where there is nothing to make coarser.
export function coarsened(instanceXml: string, xform: string, grid: number | null): string {
  const positions = grid ? positionsOf(xform) : new Set();
  if (!grid || !positions.size) return instanceXml;
  const filled = new DOMParser().parseFromString(instanceXml, "application/xml");
  if (filled.getElementsByTagName("parsererror").length) throw new Error("what cannot be read cannot be made coarser");
  let changed = false;
  for (const [path, leaf] of leaves(filled.documentElement, `/${filled.documentElement.localName}`)) {
    const exact = leaf.textContent ?? "";
    if (!positions.has(path) || !exact.trim()) continue;
    const coarse = coarsePosition(exact, grid);
    if (coarse !== exact) [leaf.textContent, changed] = [coarse, true];
  }
  return changed ? new XMLSerializer().serializeToString(filled) : instanceXml;
}

function* leaves(node: Element, path: string): Generator<[string, Element]> {
  for (const child of node.children) {
    const below = `${path}/${child.localName}`;
    if (child.children.length) yield* leaves(child, below);
    else yield [below, child];
  }
}
