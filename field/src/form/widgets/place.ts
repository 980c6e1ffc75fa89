// A position, a way or an area, without a map: tiles would tell others where an interview takes place.
// What is shown is coarse, since others look at the screen too. What is kept is exact only where the form's grade lets it.
import type { AnyInputNode } from "@getodk/xforms-engine";
import { appearances, valueOf, type Ask, type Widget } from "../ask";
import { coarsePosition } from "../../coarsening";
import { button, fill, h } from "../dom";

type PlaceNode = Extract<AnyInputNode, { valueType: "geopoint" | "geotrace" | "geoshape" }>;

const GOOD_ENOUGH = 5; // metres, as other clients take it
const EVERY = 20_000;

interface Point {
  lat: number;
  lon: number;
  alt: number;
  acc: number;
}

const write = ({ lat, lon, alt, acc }: Point): string => [lat, lon, alt, acc].map((one) => Math.round(one * 1e7) / 1e7).join(" ");
const set = (node: PlaceNode, value: string): void => void (node as { setValue(value: string | null): unknown }).setValue(value || null);
const pointOf = ({ coords }: GeolocationPosition): Point => ({
  lat: coords.latitude, lon: coords.longitude, alt: coords.altitude ?? 0, acc: Math.round(coords.accuracy * 100) / 100,
});
const read = (text: string): Point => {
  const [lat = 0, lon = 0, alt = 0, acc = 0] = text.trim().split(/\s+/).map(Number);
  return { lat, lon, alt, acc };
};

export function placeWidget(ask: Ask<PlaceNode>): Widget {
  return ask.node.valueType === "geopoint" ? pointWidget(ask) : lineWidget(ask);
}

// Two fields for those who read a position off something else; also the way for a phone that gives none.
function typed(ask: Ask<PlaceNode>, keep: (point: Point) => void): { element: HTMLElement; problem(): string | null; clear(): void } {
  const { say } = ask;
  const field = (key: "latitude" | "longitude"): HTMLInputElement =>
    h<HTMLInputElement>("input.q-input", { inputmode: "text", autocomplete: "off", dir: "ltr", "aria-label": `${ask.label()}: ${say(key)}`, placeholder: say(key) });
  const [lat, lon] = [field("latitude"), field("longitude")];
  let problem: string | null = null;
  const number = (input: HTMLInputElement): number => (input.value.trim() ? Number(input.value.trim().replace(",", ".").replace("−", "-")) : NaN);
  const change = (): void => {
    const [a, b] = [number(lat), number(lon)];
    const empty = !lat.value.trim() && !lon.value.trim();
    const fits = Math.abs(a) <= 90 && Math.abs(b) <= 180;
    problem = empty || fits ? null : say("badPosition");
    if (fits) keep({ lat: a, lon: b, alt: 0, acc: 0 });
  };
  lat.addEventListener("change", change);
  lon.addEventListener("change", change);
  const element = h("details.q-more", {}, h("summary", {}, say("positionType")), h("div.q-row", {}, lat, lon));
  return { element, problem: () => problem, clear: () => ((lat.value = lon.value = ""), (problem = null)) };
}

function pointWidget(ask: Ask<PlaceNode>): Widget {
  const { node, say } = ask;
  const { grid } = ask.engine;
  const threshold = (node.nodeOptions as { accuracyThreshold?: number | null } | null)?.accuracyThreshold ?? GOOD_ENOUGH;
  const told = h("p.q-told", { role: "status" });
  const take = button("q-secondary", say("position"), () => (watching === null ? start() : stop()));
  const byHand = typed(ask, (point) => keep(point));
  const clear = button("q-quiet", say("clear"), () => {
    set(node, "");
    byHand.clear();
    show();
  });
  let watching: number | null = null;
  let best: Point | null = null;

  const keep = (point: Point): void => {
    // The exact spot is in no draft and no calculation either.
    set(node, grid ? coarsePosition(write(point), grid) : write(point));
    show();
  };
  const stop = (): void => {
    if (watching !== null) navigator.geolocation.clearWatch(watching);
    watching = null;
    show();
  };
  const start = (): void => {
    if (!navigator.geolocation) return void (told.textContent = say("positionOff"));
    best = null;
    watching = navigator.geolocation.watchPosition(
      (position) => {
        const point = pointOf(position);
        if (!best || point.acc <= best.acc) keep((best = point));
        if (point.acc <= threshold) stop();
      },
      () => {
        stop();
        told.textContent = say("positionOff");
        (byHand.element as HTMLDetailsElement).open = true;
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: 60_000 },
    );
    show();
  };
  const show = (): void => {
    const value = valueOf(node);
    const point = value ? read(value) : null;
    const coarse = point && { lat: point.lat.toFixed(2), lon: point.lon.toFixed(2) };
    told.textContent = coarse && grid
      ? say("positionSquare", { lat: point.lat, lon: point.lon, km: Math.round(grid * 111) })
      : coarse ? say(point.acc ? "positionCoarse" : "positionCoarseTyped", { ...coarse, m: Math.ceil(point.acc) })
      : watching !== null ? say("positionWait") : "";
    take.textContent = say(watching !== null ? "positionStop" : value ? "positionAgain" : "position");
    clear.hidden = !value;
  };
  show();
  return {
    element: h("div.q-place", {}, mapSaying(ask), take, told, byHand.element, clear),
    kind: "group",
    update: show,
    problem: byHand.problem,
    focus: () => take.focus(),
    close: () => watching !== null && stop(),
  };
}

function mapSaying({ node, say }: Ask<PlaceNode>): HTMLElement | null {
  const wanted = appearances(node);
  return wanted.has("maps") || wanted.has("placement-map") ? h("p.q-aside", {}, say("noMap")) : null;
}

function lineWidget(ask: Ask<PlaceNode>): Widget {
  const { node, say } = ask;
  const isArea = node.valueType === "geoshape";
  const least = isArea ? 3 : 2;
  const told = h("p.q-told", { role: "status" });
  const sketch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  sketch.setAttribute("class", "q-sketch");
  sketch.setAttribute("role", "img");
  sketch.setAttribute("aria-label", say("sketch"));
  let points: Point[] = parse();
  let timer: ReturnType<typeof setInterval> | null = null;

  function parse(): Point[] {
    const all = valueOf(node).split(";").map((one) => one.trim()).filter(Boolean).map(read);
    return isArea && all.length > 1 ? all.slice(0, -1) : all;
  }
  const keep = (): void => {
    const closed = isArea && points.length >= least ? [...points, points[0]!] : points;
    set(node, points.length >= least ? closed.map(write).join("; ") : "");
    show();
  };
  const add = (point: Point): void => {
    const last = points.at(-1);
    if (last && last.lat === point.lat && last.lon === point.lon) return;
    points.push(point);
    keep();
  };
  const here = (): void => {
    if (!navigator.geolocation) return void (told.textContent = say("positionOff"));
    told.textContent = say("positionWait");
    navigator.geolocation.getCurrentPosition((position) => add(pointOf(position)), () => (told.textContent = say("positionOff")), {
      enableHighAccuracy: true, maximumAge: 0, timeout: 30_000,
    });
  };
  const byHand = typed(ask, (point) => {
    add(point);
    byHand.clear();
  });
  const take = button("q-secondary", say("addPoint"), here);
  const drop = button("q-quiet", say("dropPoint"), () => {
    points.pop();
    keep();
  });
  const auto = h<HTMLInputElement>("input", { type: "checkbox" });
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  auto.addEventListener("change", () => {
    stop();
    if (!auto.checked) return;
    here();
    timer = setInterval(here, EVERY);
  });
  const show = (): void => {
    told.textContent = say(points.length >= least ? "pointsKept" : "points", { n: points.length, least });
    drop.hidden = points.length === 0;
    draw(sketch, points, isArea);
  };
  show();
  return {
    element: h("div.q-place", {}, h("p.q-aside", {}, say("noMap")), take,
      h("div.q-option", {}, h("label", {}, auto, h("span.q-option-text", {}, say("autoPoint")))), told, sketch as unknown as HTMLElement, byHand.element, drop),
    kind: "group",
    update: () => {
      if (points.length >= least || valueOf(node)) points = parse();
      show();
    },
    problem: () => byHand.problem() ?? (points.length > 0 && points.length < least ? say("points", { n: points.length, least }) : null),
    focus: () => take.focus(),
    close: stop,
  };
}

// The shape alone, without scale or north: it shows whether the way was caught, and nothing to find it by.
function draw(svg: SVGSVGElement, points: Point[], isArea: boolean): void {
  svg.toggleAttribute("hidden", points.length < 2);
  if (points.length < 2) return;
  const wide = Math.cos((points[0]!.lat * Math.PI) / 180);
  const [xs, ys] = [points.map(({ lon }) => lon * wide), points.map(({ lat }) => -lat)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = Math.max(Math.max(...xs) - left, Math.max(...ys) - top) || 1;
  const at = (index: number): string => `${(((xs[index]! - left) / size) * 90 + 5).toFixed(1)},${(((ys[index]! - top) / size) * 90 + 5).toFixed(1)}`;
  svg.setAttribute("viewBox", "0 0 100 100");
  const line = document.createElementNS(svg.namespaceURI, isArea ? "polygon" : "polyline") as Element;
  line.setAttribute("points", points.map((_, index) => at(index)).join(" "));
  fill(svg, line as unknown as Node);
}
