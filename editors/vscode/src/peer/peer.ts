/**
 * What the server asks of the language's own server: whatever else provides renames and references in this editor is asked. We provide no
 * renames; our references, which a user may have switched on, stay out meanwhile.
 */

import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { held, plain, type Question, type RenameAnswer, type ReferencesAnswer, type Versions } from './answer';

/** The editor's own number for an edit of text, beside those of files and of cells, which it does not show otherwise. */
const TEXT = 2;

export class Peer {
  /** Where others are being asked for references. */
  private readonly asked = new Set<string>();

  readonly provideReferences: NonNullable<Middleware['provideReferences']> = (document, position, options, token, next) =>
    this.asked.has(key(document.uri, position)) ? undefined : next(document, position, options, token);

  /** What a rename would change; `null` where nobody provides one. */
  async rename({ textDocument, position, newName }: Question & { readonly newName: string }): Promise<RenameAnswer | null> {
    const uri = vscode.Uri.parse(textDocument.uri);
    const { languageId } = await vscode.workspace.openTextDocument(uri);
    const before = versions();
    const at = new vscode.Position(position.line, position.character);
    // Where it is refused, the reason goes to the server.
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>('vscode.executeDocumentRenameProvider', uri, at, newName);
    const all = (edit as { _allEntries?: () => readonly { readonly _type: number }[] } | undefined)?._allEntries?.() ?? [];
    if (all.some((entry) => entry._type !== TEXT)) {
      throw new Error('it would make, rename or delete files');
    }
    const now = versions();
    const documentChanges = (edit?.entries() ?? []).map(([changed, edits]) => ({
      textDocument: { uri: changed.toString(), version: held(changed.toString(), before, now) },
      edits: edits.map(({ range, newText }) => ({ range: plain(range), newText })),
    }));
    return documentChanges.length === 0 ? null : { server: nameOf(languageId), edit: { documentChanges } };
  }

  /** Where something is defined and used; `null` where nobody knows. */
  async references({ textDocument, position }: Question): Promise<ReferencesAnswer | null> {
    const uri = vscode.Uri.parse(textDocument.uri);
    const { languageId } = await vscode.workspace.openTextDocument(uri);
    const before = versions();
    const at = new vscode.Position(position.line, position.character);
    this.asked.add(key(uri, at));
    try {
      const found = await vscode.commands.executeCommand<vscode.Location[] | undefined>('vscode.executeReferenceProvider', uri, at);
      const now = versions();
      const locations = (found ?? []).map((place) => ({
        uri: place.uri.toString(),
        range: plain(place.range),
        version: held(place.uri.toString(), before, now),
      }));
      return locations.length === 0 ? null : { server: nameOf(languageId), locations };
    } finally {
      this.asked.delete(key(uri, at));
    }
  }
}

/** The editor does not say which extension answered. */
function nameOf(languageId: string): string {
  return `${vscode.env.appName} for ${languageId}`;
}

function key(uri: vscode.Uri, { line, character }: vscode.Position): string {
  return `${uri.toString()}:${line}:${character}`;
}

function versions(): Versions {
  return new Map(vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document.version]));
}
