// A form being filled in: which screen stands there, what “Next” and “Back” do, and when a draft is told.
import type { DraftState, FormHost, FormSource } from "../seam";
import { button, fill, h, newId, place, setText } from "./dom";
import { draftOf, finishedOf, type Control, type Engine, type RepeatInstanceNode } from "./engine";
import { after, before, progress, screensOf, type Screen } from "./flow";
import { keep, listView, putBack, entryLabel } from "./lists";
import { questionOf, type Question } from "./question";
import { headingText, reviewView } from "./review";
import { codeOf, direction, speaks, wordsIn, type Say } from "./words";

const REVIEW = "review";
const QUIET = 250; // ms without a change before a draft is told

export class Filling {
  private say: Say;
  private language: string;
  private screens: Screen[] = [];
  private at = "";
  private index = 0;
  private fromReview = false;
  private seen = new Set<RepeatInstanceNode>();
  private questions = new Map<string, Question>();
  private sections = new Map<string, HTMLElement>();
  private isDue = false;
  private isClosed = false;
  private isFinished = false;
  private isTouched = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private sayUndo: { text: string; back: () => void } | null = null;

  private readonly heading = h("h1.q-heading", { tabindex: -1, dir: "auto" });
  private readonly trail = h("p.q-trail", { dir: "auto" });
  private readonly steps = h("p.q-steps", { "aria-live": "polite" });
  private readonly bar = h<HTMLProgressElement>("progress.q-progress", { max: 1, value: 0 });
  private readonly faults = h("div.q-faults", { role: "alert" });
  private readonly undo = h("div.q-undo", { role: "status" });
  private readonly body = h("div.q-items");
  private readonly form = h<HTMLFormElement>("form.q-form", { novalidate: true, autocomplete: "off" });
  private readonly foot = h("div.q-foot");
  private readonly top = h("div.q-top");

  constructor(
    private readonly root: HTMLElement,
    private readonly source: FormSource,
    private readonly host: FormHost,
    private readonly engine: Engine,
    private readonly start?: string,
  ) {
    this.language = host.language;
    this.say = wordsIn(host.language);
    this.chooseLanguage();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.next();
    });
    const lines = engine.missing.map((name) => h("p.q-warning", {}, this.say("missingFile", { name })));
    if (engine.needs.length) lines.unshift(h("p.q-warning", {}, this.say("needsCollect", { what: engine.needs.join(", ") })));
    fill(this.form, this.top, h("main.q-body", {}, this.bar, this.steps, this.trail, this.heading, ...lines, this.faults, this.body, this.undo), this.foot);
    fill(root, this.form);
    this.screens = screensOf(engine.root);
    const found = this.screens.findIndex((screen) => this.referenceOf(screen) === start);
    for (const screen of this.screens.slice(0, Math.max(found, 0))) for (const entry of screen.inside) this.seen.add(entry);
    engine.bell(() => this.changed());
    this.guardBack();
    this.go(start === REVIEW ? REVIEW : (this.screens[Math.max(found, 0)]?.key ?? REVIEW));
  }

  // --- languages -----------------------------------------------------------------------------------------------

  private chooseLanguage(): void {
    const { languages } = this.engine.root;
    const wanted = languages.find((one) => !one.isSyntheticDefault && codeOf(one.language) === this.host.language);
    if (wanted && !wanted.isSyntheticDefault) this.engine.root.setLanguage(wanted);
    this.follow();
  }

  // Buttons speak the language of the form where they can: then whoever reads along can use them too.
  private follow(): void {
    const active = this.engine.root.currentState.activeLanguage;
    const code = active.isSyntheticDefault ? "" : codeOf(active.language);
    this.language = speaks(code) ? code : this.host.language;
    this.say = wordsIn(this.language);
    this.form.lang = this.language;
    this.form.dir = direction(code || this.language);
    this.body.lang = code || this.language;
  }

  private languageMenu(): HTMLElement | null {
    const { languages } = this.engine.root;
    if (languages.length < 2) return null;
    const id = newId();
    const select = h<HTMLSelectElement>("select.q-language", { id, "aria-label": this.say("language") });
    fill(select, ...languages.map((one) => h("option", { value: one.language, lang: codeOf(one.language) || undefined }, one.language.replace(/\s*\([\w-]+\)\s*$/, ""))));
    select.value = this.engine.root.currentState.activeLanguage.language;
    select.addEventListener("change", () => {
      const chosen = languages.find((one) => one.language === select.value);
      if (!chosen || chosen.isSyntheticDefault) return;
      this.engine.root.setLanguage(chosen);
      this.follow();
      this.drop();
      this.render();
      this.root.querySelector<HTMLElement>(".q-language")?.focus();
    });
    return select;
  }

  // --- drafts --------------------------------------------------------------------------------------------------

  private changed(): void {
    if (this.isClosed || this.isFinished) return;
    this.isTouched = true;
    if (!this.isDue) {
      this.isDue = true;
      queueMicrotask(() => {
        this.isDue = false;
        if (!this.isClosed) this.render();
      });
    }
    this.tellLater();
  }

  private tellLater(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), QUIET);
  }

  private readonly tell = (): void => {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    // A form that was opened and left again is no draft.
    if (!this.isFinished && (this.isTouched || this.start !== undefined)) this.host.onChange(this.draft());
  };

  private draft(): DraftState {
    const screen = this.screens[this.index];
    return draftOf(this.engine, this.at === REVIEW || !screen ? REVIEW : this.referenceOf(screen));
  }

  // A draft is told at once when the phone may be about to put the page away.
  private readonly hidden = (): void => {
    if (document.visibilityState === "hidden" && this.timer) this.tell();
  };

  // --- going -----------------------------------------------------------------------------------------------------

  private referenceOf = (screen: Screen): string => (screen.range ?? screen.items.at(-1)!.node).currentState.reference;

  private readonly back = (): void => {
    const index = this.at === REVIEW ? this.screens.length - 1 : this.index;
    if (this.at === REVIEW) return this.go(this.lastKey());
    const previous = before(this.screens, index);
    if (previous < 0) return this.leave();
    this.go(this.screens[previous]!.key);
  };

  // The last screen of the form itself: from the page of all answers one steps back to it, not into an entry of a list.
  private lastKey(): string {
    return this.screens.findLast((screen) => !screen.inside.length)?.key ?? REVIEW;
  }

  private leave(): void {
    this.tell();
    this.host.onLeave();
  }

  private async next(): Promise<void> {
    if (this.at === REVIEW) return this.finish();
    this.render(); // an answer that goes on by itself may have made the next question appear in the same breath
    if (this.showFaults()) return;
    if (this.fromReview) return this.go(REVIEW);
    const screen = this.screens[this.index]!;
    const next = after(this.screens, this.index, this.seen);
    this.go(next >= this.screens.length || next < 0 ? REVIEW : (this.screens[next]?.key ?? screen.key));
  }

  private showFaults(): boolean {
    const wrong = [...this.shown()].filter((question) => question.fault() !== null);
    if (!wrong.length) return false;
    const links = wrong.map((question) =>
      h("li", {}, button("q-quiet", question.node.currentState.label?.asString.trim() || this.say("entry"), () => question.focus())),
    );
    fill(this.faults, h("p", {}, this.say("problemsHere")), h("ul", {}, ...links));
    wrong[0]!.focus();
    wrong[0]!.element.scrollIntoView({ block: "start" });
    return true;
  }

  private async finish(): Promise<void> {
    if (this.isFinished) return;
    const wrong = this.wrongNow();
    if (wrong.length) {
      this.faults.querySelector("button")?.focus();
      this.faults.scrollIntoView({ block: "center" });
      return;
    }
    this.isFinished = true;
    const done = await finishedOf(this.engine);
    if (!done) {
      this.isFinished = false;
      return this.render();
    }
    if (this.timer) clearTimeout(this.timer);
    this.host.onFinish(done);
  }

  private wrongNow(): { screen: Screen; node: Control }[] {
    return this.screens.flatMap((screen) =>
      screen.items
        .filter(({ node }) => "violation" in node.validationState && node.validationState.violation)
        .map(({ node }) => ({ screen, node })),
    );
  }

  private go(key: string, node?: Control): void {
    this.drop();
    this.sayUndo = null;
    if (key === REVIEW) this.fromReview = false;
    this.at = key;
    this.index = Math.max(0, this.screens.findIndex((screen) => screen.key === key));
    this.render();
    this.tellLater();
    scrollTo(0, 0);
    const question = node && this.questions.get(node.nodeId);
    if (question) {
      question.focus();
      question.element.scrollIntoView({ block: "center" });
    } else this.heading.focus({ preventScroll: true });
  }

  private drop(): void {
    for (const question of this.questions.values()) question.close();
    this.questions.clear();
    this.sections.clear();
    fill(this.faults);
    fill(this.body);
  }

  // --- the phone's own back button -------------------------------------------------------------------------------

  private guardBack(): void {
    if (!(history.state as { lygteForm?: boolean } | null)?.lygteForm) history.pushState({ lygteForm: true }, "");
    addEventListener("popstate", this.popped);
    document.addEventListener("visibilitychange", this.hidden);
    addEventListener("pagehide", this.hidden);
  }

  private readonly popped = (): void => {
    if (this.isClosed) return;
    history.pushState({ lygteForm: true }, "");
    this.back();
  };

  close(): void {
    if (this.isClosed) return;
    if (this.timer && !this.isFinished) this.tell();
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    removeEventListener("popstate", this.popped);
    document.removeEventListener("visibilitychange", this.hidden);
    removeEventListener("pagehide", this.hidden);
    this.drop();
    this.engine.close();
    fill(this.root);
  }

  // --- drawing ---------------------------------------------------------------------------------------------------

  private *shown(): Generator<Question> {
    for (const { node } of this.screens[this.index]?.items ?? []) {
      const question = this.questions.get(node.nodeId);
      if (question) yield question;
    }
  }

  private render(): void {
    this.screens = screensOf(this.engine.root);
    if (this.at !== REVIEW) {
      const found = this.screens.findIndex((screen) => screen.key === this.at);
      this.index = found >= 0 ? found : Math.max(0, Math.min(this.index, this.screens.length - 1));
      if (found < 0) this.at = this.screens[this.index]?.key ?? REVIEW;
    }
    this.form.dataset.screen = this.at === REVIEW ? "review" : this.screens[this.index]!.kind;
    this.drawTop();
    if (this.at === REVIEW) this.drawReview();
    else this.drawScreen(this.screens[this.index]!);
    this.drawUndo();
  }

  private drawTop(): void {
    if (this.top.dataset.for === `${this.language}|${this.at === REVIEW}` && this.top.lang === this.body.lang) return;
    this.top.dataset.for = `${this.language}|${this.at === REVIEW}`;
    this.top.lang = this.body.lang;
    fill(this.top,
      button("q-icon", "×", () => this.leave(), { "aria-label": this.say("leave") }),
      h("span.q-name", { dir: "auto" }, this.source.title),
      this.languageMenu(),
      this.at === REVIEW ? null : button("q-icon", "☰", () => this.go(REVIEW), { "aria-label": this.say("overview") }),
      this.host.corner);
  }

  private drawFoot(next: string, hasBack = true): void {
    const key = `${next}|${hasBack}|${this.language}`;
    if (this.foot.dataset.for === key) return;
    this.foot.dataset.for = key;
    fill(this.foot,
      hasBack ? button("q-secondary.q-back", this.say("back"), this.back) : null,
      h("button.q-primary.q-next", { type: "submit" }, next));
  }

  private drawScreen(screen: Screen): void {
    for (const entry of screen.inside) this.seen.add(entry);
    const titles = screen.groups.map((group) => headingText(group, this.say)).filter(Boolean);
    setText(this.heading, titles.at(-1) || this.source.title);
    setText(this.trail, titles.slice(0, -1).join(" › "));
    this.trail.hidden = titles.length < 2;
    const { step, of } = progress(this.screens, this.index);
    setText(this.steps, this.say("step", { n: step, of }));
    this.bar.value = of ? step / (of + 1) : 1;
    this.bar.setAttribute("aria-label", this.steps.textContent!);
    const isLast = after(this.screens, this.index, this.seen) >= this.screens.length;
    this.drawFoot(this.say(this.fromReview ? "toOverview" : isLast ? "check" : "next"));
    if (screen.range) this.drawList(screen);
    else this.drawQuestions(screen);
  }

  private drawQuestions(screen: Screen): void {
    const wanted: HTMLElement[] = [];
    let section = "";
    for (const { node, section: group } of screen.items) {
      const title = group?.currentState.label?.asString.trim() ?? "";
      if (group && group.nodeId !== section && title) wanted.push(this.sectionOf(group.nodeId, title));
      section = group?.nodeId ?? "";
      let question = this.questions.get(node.nodeId);
      if (question) question.update();
      else {
        question = questionOf(node, { engine: this.engine, say: this.say, language: this.language, onward: () => void this.onward(screen) });
        this.questions.set(node.nodeId, question);
      }
      wanted.push(question.element);
    }
    place(this.body, wanted);
    const open = new Set(screen.items.map(({ node }) => node.nodeId as string));
    for (const [id, question] of this.questions) {
      if (open.has(id)) continue;
      question.close();
      this.questions.delete(id);
    }
    if (this.faults.hasChildNodes() && ![...this.shown()].some((question) => question.element.classList.contains("q-wrong"))) fill(this.faults);
  }

  private sectionOf(id: string, title: string): HTMLElement {
    const found = this.sections.get(id) ?? h("h2.q-section", { dir: "auto" });
    setText(found, title);
    this.sections.set(id, found);
    return found;
  }

  // A one-tap answer goes on by itself only where it is the only question on the screen.
  private async onward(screen: Screen): Promise<void> {
    const asked = screen.items.filter(({ node }) => node.nodeType !== "note");
    if (asked.length === 1) await this.next();
  }

  private drawList(screen: Screen): void {
    const range = screen.range!;
    const first = (entry: RepeatInstanceNode): string | undefined => screensOf(this.engine.root).find((one) => one.inside.includes(entry))?.key;
    const focused = (document.activeElement as HTMLElement | null)?.getAttribute("aria-label");
    const view = listView(range, this.say, this.language, {
      open: (entry) => this.go(first(entry) ?? this.at),
      add: () => {
        if (range.nodeType !== "repeat-range:uncontrolled") return;
        range.addInstances();
        const key = first(range.currentState.children.at(-1)!);
        this.screens = screensOf(this.engine.root);
        if (key) this.go(key);
      },
      remove: (index) => {
        if (range.nodeType !== "repeat-range:uncontrolled") return;
        const entry = range.currentState.children[index]!;
        const kept = keep(entry);
        const label = entryLabel(entry, this.say);
        range.removeInstances(index);
        this.sayUndo = { text: this.say("removed", { label }), back: () => {
          putBack(range, index, kept);
          this.seen.add(range.currentState.children[index]!);
        } };
        this.render();
        this.undo.querySelector("button")?.focus();
      },
    });
    fill(this.body, view);
    if (focused) [...view.querySelectorAll<HTMLElement>("[aria-label]")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
  }

  private drawUndo(): void {
    const { sayUndo } = this;
    if (!sayUndo) return void (this.undo.hasChildNodes() && fill(this.undo));
    if (this.undo.dataset.for === sayUndo.text && this.undo.hasChildNodes()) return;
    this.undo.dataset.for = sayUndo.text;
    fill(this.undo, h("span", { dir: "auto" }, sayUndo.text), button("q-quiet", this.say("undo"), () => {
      this.sayUndo = null;
      sayUndo.back();
      this.render();
      this.heading.focus();
    }));
  }

  private drawReview(): void {
    setText(this.heading, this.say("check"));
    this.trail.hidden = true;
    setText(this.steps, "");
    this.bar.value = 1;
    this.bar.setAttribute("aria-label", this.say("check"));
    this.drawFoot(this.say("send"), this.screens.length > 0);
    const change = (screen: Screen, node?: Control): void => {
      this.fromReview = true;
      this.go(screen.key, node);
    };
    const wrong = this.wrongNow();
    fill(this.body, h("p", {}, this.say(this.screens.length ? "checkLead" : "nothingAsked")), reviewView(this.screens, this.say, this.language, change));
    fill(this.faults, ...(wrong.length ? [
      h("p", {}, this.say("problems", { n: wrong.length })),
      h("ul", {}, ...wrong.map(({ screen, node }) => h("li", {}, button("q-quiet", node.currentState.label?.asString.trim() || this.say("entry"), () => change(screen, node))))),
    ] : []));
  }
}
