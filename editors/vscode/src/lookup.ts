/** Asking where something is: a list that follows what is typed, and shows the place while one moves through it. */

import * as vscode from 'vscode';
import type { SymbolInformation } from 'vscode-languageclient/node';
import { dollars } from './money';
import { command, type Hit, type Lookup } from './server/protocol';
import type { Server } from './server/server';
import type { StatusBar } from './status';

const TYPING_MS = 120;
const MOST_HITS = 20;

interface Item extends vscode.QuickPickItem {
  readonly place?: vscode.Location;
  /** Choosing it asks a model. */
  readonly asks?: true;
}

/** Lets the user ask, and opens what is chosen. Leaving it without a choice leaves the editor as it was. */
export function lookUp(server: Server, status: StatusBar): void {
  const pick = vscode.window.createQuickPick<Item>();
  const before = vscode.window.activeTextEditor;
  const selection = before?.selection;
  let query: vscode.CancellationTokenSource | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isChosen = false;
  let isPreviewed = false;
  pick.title = 'Tierline: Look Up';
  pick.placeholder = 'Where are retries decided?';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;

  const hasModel = () => (status.last.tiers ?? []).includes('nano') && !server.isOffline;
  const anew = () => {
    query?.cancel();
    query?.dispose();
    query = new vscode.CancellationTokenSource();
    return query.token;
  };
  const during = async (token: vscode.CancellationToken, work: () => Promise<void>) => {
    pick.busy = true;
    try {
      await work();
    } catch (error) {
      if (!token.isCancellationRequested) {
        pick.items = [{ label: '$(warning) The question could not be answered', detail: String(error), alwaysShow: true }];
      }
    } finally {
      if (!token.isCancellationRequested) {
        pick.busy = false;
      }
    }
  };

  const follow = async (question: string, token: vscode.CancellationToken) => {
    const ask: Item[] = hasModel()
      ? [{ label: `$(sparkle) ${question}`, description: 'have a small model choose', alwaysShow: true, asks: true }]
      : [];
    const items = hasModel() ? await byIndex(server, question, token) : await byLookup(server, question, token);
    if (!token.isCancellationRequested) {
      pick.title = 'Tierline: Look Up (index, $0)';
      pick.items = items.length > 0 || ask.length > 0 ? [...ask, ...items] : [nothing(question)];
    }
  };
  const ask = async (question: string, token: vscode.CancellationToken) => {
    const answer = await byServer(server, question, token);
    if (answer === undefined || token.isCancellationRequested) {
      return;
    }
    pick.title = `Tierline: Look Up (${answer.tier}, ${dollars(answer.cost_micro_usd)}${answer.cached === true ? ', cached' : ''})`;
    const items = answer.hits.map(item);
    const notes = (answer.notes ?? []).map((note): Item => ({ label: `$(info) ${note}`, alwaysShow: true }));
    pick.items = [...(items.length > 0 ? items : [nothing(question)]), ...notes];
  };

  pick.onDidChangeValue((value) => {
    clearTimeout(timer);
    const token = anew();
    const question = value.trim();
    if (question === '') {
      pick.items = [];
      pick.busy = false;
      return;
    }
    timer = setTimeout(() => void during(token, () => follow(question, token)), TYPING_MS);
  });
  pick.onDidChangeActive(([active]) => {
    if (active?.place !== undefined) {
      isPreviewed = true;
      void open(active.place, true);
    }
  });
  pick.onDidAccept(() => {
    const [active] = pick.activeItems;
    if (active?.asks === true) {
      const token = anew();
      void during(token, () => ask(pick.value.trim(), token));
    } else if (active?.place !== undefined) {
      isChosen = true;
      pick.hide();
      void open(active.place, false);
    }
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    query?.cancel();
    query?.dispose();
    pick.dispose();
    if (!isChosen && isPreviewed && before !== undefined && selection !== undefined) {
      const options = { viewColumn: before.viewColumn ?? vscode.ViewColumn.Active, selection };
      void vscode.window.showTextDocument(before.document, options);
    }
  });
  pick.show();
}

async function byIndex(server: Server, question: string, token: vscode.CancellationToken): Promise<Item[]> {
  const found = await server.request<SymbolInformation[] | null>('workspace/symbol', { query: `?${question}` }, token);
  return (found ?? []).slice(0, MOST_HITS).map((symbol) =>
    item({ name: symbol.name, container: symbol.containerName ?? '', kind: symbol.kind, location: symbol.location }),
  );
}

async function byLookup(server: Server, question: string, token: vscode.CancellationToken): Promise<Item[]> {
  return ((await byServer(server, question, token))?.hits ?? []).map(item);
}

/** The list itself shows that it is busy. */
function byServer(server: Server, question: string, token: vscode.CancellationToken): Promise<Lookup | undefined> {
  return server.execute<Lookup>(command.lookup, { question, limit: MOST_HITS }, token, 'tierline-look-up');
}

function item(hit: Hit): Item {
  const container = hit.container ?? '';
  const place = hit.location === null ? undefined : placeOf(hit.location);
  const where = place === undefined ? '' : `${vscode.workspace.asRelativePath(place.uri)}:${place.range.start.line + 1}`;
  return {
    label: `$(${icon(hit.kind)}) ${hit.name}`,
    description: [container, where].filter((part) => part !== '').join('  '),
    // The server has ranked them; the list is not to leave any out because its words differ from the question's.
    alwaysShow: true,
    ...(hit.why === undefined || hit.why === '' ? {} : { detail: hit.why }),
    ...(place === undefined ? {} : { place }),
  };
}

function nothing(question: string): Item {
  return { label: '$(circle-slash) Nothing found', description: question, alwaysShow: true };
}

function placeOf(location: NonNullable<Hit['location']>): vscode.Location {
  const { start, end } = location.range;
  return new vscode.Location(vscode.Uri.parse(location.uri), new vscode.Range(start.line, start.character, end.line, end.character));
}

async function open(place: vscode.Location, isPreview: boolean): Promise<void> {
  const document = await vscode.workspace.openTextDocument(place.uri);
  const editor = await vscode.window.showTextDocument(document, { preview: isPreview, preserveFocus: isPreview, selection: place.range });
  editor.revealRange(place.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The icon of a kind of symbol, which the protocol numbers from one in the order of the editor's own enumeration. */
function icon(kind: number): string {
  const name = vscode.SymbolKind[kind - 1] ?? 'Misc';
  return `symbol-${name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}`;
}
