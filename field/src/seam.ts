// The seam between the house (shell) and the form: what each promises the other, and nothing else.

// A form as the phone keeps it: the XForm and the files it names.
export interface FormSource {
  formId: string;
  version: string;
  title: string;
  xform: string;
  grid?: number | null; // positions are kept as squares of so many degrees; null or nothing: as measured
  given?: Record<string, string>; // answers known before it opens, by the path of their question; for a new form only
  media(name: string): Promise<Blob | null>;
}

// A form half filled in. `at` is the form's own note of where the worker was.
export interface DraftState {
  instanceXml: string;
  files: Map<string, Blob>;
  at?: string;
}

// A form that is done. The house seals it at once; nobody on the phone opens it again.
export interface Finished {
  instanceId: string;
  instanceXml: string;
  files: { name: string; blob: Blob }[];
}

export interface FormHost {
  language: string;
  corner?: HTMLElement; // what the house keeps in reach on every screen: its lock
  onChange(draft: DraftState): void;
  onFinish(done: Finished): void;
  onLeave(): void;
}

export type OpenForm = (
  root: HTMLElement,
  source: FormSource,
  host: FormHost,
  draft?: DraftState,
) => Promise<{ close(): void }>;
