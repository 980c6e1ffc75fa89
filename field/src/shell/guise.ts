// What the app looks like from outside: a neutral name and icon that the worker chose. Not secret, so kept in the open.
import { language } from "./language";

export const NAMES = ["notes", "lists", "weather", "steps"] as const;
export const ICONS = ["note", "list", "cloud", "leaf"] as const;
export type Name = (typeof NAMES)[number];
export type Icon = (typeof ICONS)[number];

const WORDS: Record<Name, Record<string, string>> = {
  notes: { en: "Notes", da: "Noter", nl: "Notities", ar: "ملاحظات" },
  lists: { en: "Lists", da: "Lister", nl: "Lijsten", ar: "قوائم" },
  weather: { en: "Weather", da: "Vejr", nl: "Weer", ar: "الطقس" },
  steps: { en: "Steps", da: "Skridt", nl: "Stappen", ar: "خطوات" },
};

function kept<T extends string>(key: string, among: readonly T[]): T {
  const value = localStorage.getItem(key);
  return among.find((one) => one === value) ?? among[0]!;
}

export const name = () => kept("name", NAMES);
export const iconName = () => kept("icon", ICONS);
export const nameIn = (one: Name) => WORDS[one][language()] ?? WORDS[one]["en"]!;

export function choose(newName: Name, newIcon: Icon): void {
  localStorage.setItem("name", newName);
  localStorage.setItem("icon", newIcon);
  show();
}

export function show(): void {
  document.title = nameIn(name());
  const link = (rel: string) =>
    document.head.querySelector<HTMLLinkElement>(`link[rel="${rel}"]`) ??
    document.head.appendChild(Object.assign(document.createElement("link"), { rel }));
  link("icon").href = `/field/icons/${iconName()}.svg`;
  link("apple-touch-icon").href = `/field/icons/${iconName()}-192.png`;
  link("manifest").href = `/field/app.webmanifest?name=${name()}&icon=${iconName()}`;
}
