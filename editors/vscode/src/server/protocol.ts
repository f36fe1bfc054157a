/** What the server answers besides the standard protocol. Every field may be missing: servers of several versions are met. */

/** The commands of the server. Each takes one object; the language client registers those that the server offers. */
export const command = {
  explain: 'tierline.server.explain',
  summarise: 'tierline.server.summarise',
  document: 'tierline.server.document',
  lookup: 'tierline.server.lookup',
  refactor: 'tierline.server.refactor',
  plan: 'tierline.server.plan',
  undo: 'tierline.server.undo',
  trust: 'tierline.server.trust',
} as const;

/** What `tierline/status` says, as an answer or by itself whenever it changes. */
export interface Status {
  readonly indexing?: boolean;
  /** How many files of those that are being indexed are done. */
  readonly progress?: { readonly done: number; readonly total: number } | null;
  readonly files?: number;
  readonly symbols?: number;
  /** The tiers that have a model. */
  readonly tiers?: readonly string[];
  readonly models?: readonly { readonly tier: string; readonly model: string; readonly host: string }[];
  /** How much work is under way that can be called off. */
  readonly jobs?: number;
  /** `null` where no model is configured. */
  readonly cost?: { readonly today_micro_usd: number | null; readonly per_day_micro_usd: number } | null;
}

/** What the server is told at `initialize`: to tell of its status, and what it may ask of the language's own server through us. */
export const client = { status: true, rename: true, references: true } as const;

/** The answer to `tierline/summary`: what a hover says once it has its summary. */
export interface Summary {
  readonly contents: { readonly kind: string; readonly value: string } | string;
  /** Why there is none. */
  readonly note?: string | null;
}

/** A symbol that a look-up found. */
export interface Hit {
  readonly name: string;
  readonly container?: string;
  /** As in the protocol's `SymbolKind`. */
  readonly kind: number;
  readonly location: { readonly uri: string; readonly range: Range } | null;
  readonly why?: string;
}

/** The answer of the look-up command. */
export interface Lookup {
  readonly tier: string;
  readonly cost_micro_usd: number;
  readonly cached?: boolean;
  readonly hits: readonly Hit[];
  readonly notes?: readonly string[];
}

export interface Range {
  readonly start: Place;
  readonly end: Place;
}

export interface Place {
  readonly line: number;
  readonly character: number;
}
