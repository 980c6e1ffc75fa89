// What one worker's notebook holds while it is open. All of it lies encrypted in one slot and in pieces of the bulk.

// Where a file lies: pieces of 64 KiB in the bulk store.
export interface Kept {
  pieces: string[];
  size: number;
  type: string;
}

export interface Connection {
  token: string;
  phone: string; // the server's reference of this phone, once it has answered
  organisation: string;
  link?: string; // the token of the link, until the server knows this phone's own
  lastContact: number;
}

export interface PublicKey {
  id: string;
  public: string;
  fingerprint: string;
}

export interface Keys {
  organisation: { ref: string; name: string };
  intake: PublicKey | null;
  organisation_key: PublicKey | null;
  forms: { form: string; version: string; grade: string; sealed_for: string; grid: number | null }[];
}

export interface KeptForm {
  formId: string;
  version: string;
  title: string;
  hash: string;
  current: boolean; // an older version stays only while a draft needs it
  xform: Kept;
  media: { name: string; hash: string; kept: Kept }[];
}

export interface Draft {
  id: string;
  formId: string;
  version: string;
  title: string;
  at?: string;
  changed: number;
  xml: Kept;
  files: { name: string; kept: Kept }[];
}

// What the worker may know of a sealed form: that it is there, and what became of it.
export interface Sealed {
  id: string;
  title: string;
  size: number;
  sealed: number;
  sent?: number;
  refused?: string;
}

export interface PlaceNote {
  ref: string;
  code: string;
  name: string;
  kind: string;
  languages: string[];
  last_visit: string | null;
}

// A place on a round, in its turn; `reached` once a visit there has come to the server.
export interface StopNote extends PlaceNote {
  area: string;
  reached: boolean;
}

export interface RoundNote {
  ref: string;
  title: string;
  day: string;
  when: string;
  languages: string[];
  done: boolean;
  places: string[];
  stops: StopNote[];
}

export interface Colleague {
  ref: string;
  name: string;
}

export interface Watched {
  ref: string;
  name: string;
  due: string;
  place: string;
  overdue: boolean;
}

export interface TodayNotes {
  day: string;
  places: PlaceNote[];
  rounds: RoundNote[];
  visits?: { form: string; question: string }; // the form of a visit, and its question for the place
  colleagues: Colleague[];
  watching: Watched[];
}

// A check-in that this phone began. `known` says that the server has answered: only then does anybody get an alert.
export interface CheckIn {
  id: string;
  colleague: string;
  name: string;
  place: string;
  due: number;
  known: boolean;
  ended?: number;
}

export interface Notebook {
  slots: number[]; // slots that this notebook may use for another one
  spare: string[]; // pieces of the bulk that hold noise and may be used
  connection: Connection | null;
  keys: Keys | null;
  forms: KeptForm[];
  drafts: Draft[];
  sealed: Sealed[];
  today: TodayNotes | null;
  checkIn: CheckIn | null;
  settings: { lockMinutes: number; draftHours: number };
  open?: string; // the draft that was on the screen when the app locked itself
}

export function emptyNotebook(slots: number[]): Notebook {
  return {
    slots,
    spare: [],
    connection: null,
    keys: null,
    forms: [],
    drafts: [],
    sealed: [],
    today: null,
    checkIn: null,
    settings: { lockMinutes: 2, draftHours: 72 },
  };
}
