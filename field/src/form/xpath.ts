// As much of XPath as it takes to cut the arguments of a call apart.

export const children = (element: Element, name: string): Element[] => [...element.children].filter((one) => one.localName === name);

// The arguments of a call from just behind its parenthesis, and where it ends; null where it does not end.
export function splitArguments(text: string, from: number): { parts: string[]; end: number } | null {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const sign = text[at]!;
    if (quote) quote = sign === quote ? "" : quote;
    else if (sign === "'" || sign === '"') quote = sign;
    else if (sign === "(" || sign === "[") depth++;
    else if (sign === ")" && depth === 0) return { parts: parts.map((part) => part.trim()), end: at + 1 };
    else if (sign === ")" || sign === "]") depth--;
    else if (sign === "," && depth === 0) {
      parts.push("");
      continue;
    }
    parts[parts.length - 1] += sign;
  }
  return null;
}

// The words inside quotes, or null where an argument is worked out.
export const quoted = (part: string | undefined): string | null => /^(['"])(.*)\1$/s.exec(part ?? "")?.[2] ?? null;
