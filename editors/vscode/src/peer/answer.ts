/** The answers to what the server asks of the language's own server, as plain data. Positions count in UTF-16, as the editor's do. */

import type { Place, Range } from '../server/protocol';

/** What the server asks. */
export interface Question {
  readonly textDocument: { readonly uri: string };
  readonly position: Place;
}

export interface RenameAnswer {
  /** Who answered. */
  readonly server: string;
  readonly edit: {
    readonly documentChanges: readonly {
      readonly textDocument: { readonly uri: string; readonly version: number | null };
      readonly edits: readonly { readonly range: Range; readonly newText: string }[];
    }[];
  };
}

export interface ReferencesAnswer {
  readonly server: string;
  readonly locations: readonly { readonly uri: string; readonly range: Range; readonly version: number | null }[];
}

/** The versions of the documents that are open, by address. */
export type Versions = ReadonlyMap<string, number>;

/** The version of a document that did not change while it was asked for; `null` where it is not open. */
export function held(uri: string, before: Versions, now: Versions): number | null {
  const [then, version] = [before.get(uri), now.get(uri)];
  if (then !== undefined && version !== undefined && then !== version) {
    throw new Error(`${uri} changed meanwhile`);
  }
  return version ?? null;
}

/** A range of the editor's without what else the editor's objects hold. */
export function plain({ start, end }: Range): Range {
  const place = ({ line, character }: Place) => ({ line, character });
  return { start: place(start), end: place(end) };
}
