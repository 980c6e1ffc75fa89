// Text of a form with its emphasis. Only what we know becomes an element; HTML that a form brings along stays text.
import type { MarkdownNode, TextRange } from "@getodk/xforms-engine";
import { h } from "./dom";

const KNOWN = new Set(["strong", "em", "u", "ol", "ul", "li", "p", "div", "span", "br"]);

export function rich(text: TextRange<never> | { formatted: MarkdownNode[]; asString: string } | null): (Node | string)[] {
  if (!text) return [];
  const nodes = text.formatted.map(piece);
  return nodes.length ? nodes : [text.asString];
}

function piece(node: MarkdownNode): Node | string {
  if (node.role === "child") return node.value;
  if (node.role === "line-break") return document.createElement("br");
  if (node.role === "html") return node.unsafeHtml.replace(/<[^>]*>/g, "");
  const children = node.children.map(piece);
  if (/^h[1-6]$/.test(node.elementName)) return h("strong.q-title", {}, ...children);
  if (node.elementName === "a") return link(node as { url?: string }, children);
  const element = h(KNOWN.has(node.elementName) ? node.elementName : "span", {}, ...children);
  const align = (node as { properties?: { style?: { "text-align"?: string } } }).properties?.style?.["text-align"];
  if (align && ["center", "left", "right"].includes(align)) element.style.textAlign = align;
  return element;
}

// A link that would leave the phone is shown as text with its address: nothing is fetched by mistake during a talk.
function link(node: { url?: string }, children: (Node | string)[]): HTMLElement {
  return /^(tel:|mailto:)/i.test(node.url ?? "")
    ? h("a", { href: node.url }, ...children)
    : h("span", {}, ...children, node.url ? ` (${node.url})` : "");
}
