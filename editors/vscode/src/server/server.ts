/** The server's life: found, started, watched, started again. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { CloseAction, LanguageClient, LanguageClientOptions } from 'vscode-languageclient/node';
import type { Keys } from '../keys';
import { selector } from '../languages';
import type { Question } from '../peer/answer';
import type { Peer } from '../peer/peer';
import { userSettings, windowSettings } from '../settings';
import { type Binary, findBinary, NoBinary } from './binary';
import { Crashes } from './crashes';
import { Jobs } from './progress';
import { client, type Status } from './protocol';

const NO_TOKEN = new vscode.CancellationTokenSource().token;
const STOP_MS = 3_000;
const REPORT_MS = 30_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

type Library = typeof import('./library');

export type State = 'stopped' | 'starting' | 'running' | 'missing' | 'failed';

/** Everything that concerns the one server of this window. */
export class Server implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel('Tierline', { log: true });
  readonly jobs = new Jobs(() => this.client);
  private readonly emitter = new vscode.EventEmitter<void>();
  /** The state, or what the server offers, is another now. */
  readonly onDidChange = this.emitter.event;
  private readonly statusEmitter = new vscode.EventEmitter<Status>();
  /** The server told of its status. */
  readonly onStatus = this.statusEmitter.event;
  private readonly editEmitter = new vscode.EventEmitter<void>();
  /** The editor has applied an edit of the server's, or has refused it. */
  readonly onDidApplyEdit = this.editEmitter.event;
  private client: LanguageClient | undefined;
  private child: ChildProcess | undefined;
  private found: Binary | undefined;
  private readonly crashes = new Crashes();
  private current: State = 'stopped';
  private safeMode = false;
  /** Starts and stops happen one after another. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly keys: Keys,
    private readonly peer: Peer,
    private readonly middleware: NonNullable<LanguageClientOptions['middleware']>,
  ) {}

  get state(): State {
    return this.current;
  }

  /** Whether the server runs without models and without its index on disk, because it kept ending. */
  get isSafe(): boolean {
    return this.safeMode;
  }

  get binary(): Binary | undefined {
    return this.found;
  }

  /** Whether models are out of reach whatever is configured. */
  get isOffline(): boolean {
    // Whoever says so: a workspace may take models away, and not give them back.
    const said = vscode.workspace.getConfiguration('tierline').inspect<boolean>('offline');
    const isOff = [said?.globalValue, said?.workspaceValue, said?.workspaceFolderValue].includes(true);
    return this.safeMode || !vscode.workspace.isTrusted || isOff;
  }

  /** Whether the running server offers a command. */
  offers(command: string): boolean {
    return this.client?.initializeResult?.capabilities.executeCommandProvider?.commands.includes(command) ?? false;
  }

  /** Whether the running server knows a request of ours. */
  knows(request: 'status' | 'summary'): boolean {
    const experimental = this.client?.initializeResult?.capabilities.experimental as { tierline?: Record<string, unknown> } | undefined;
    return experimental?.tierline?.[request] === true;
  }

  start(): Promise<void> {
    return this.inTurn(async () => {
      if (this.current !== 'running') {
        await this.begin();
      }
    });
  }

  restart(): Promise<void> {
    this.crashes.forget();
    this.safeMode = false;
    return this.inTurn(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  /** Sends a request of our own; `undefined` where no server runs. */
  async request<T>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<T | undefined> {
    const client = this.client;
    if (client === undefined || this.current !== 'running') {
      return undefined;
    }
    // A token that is undefined would be taken for a second parameter.
    return token === undefined ? client.sendRequest<T>(method, params) : client.sendRequest<T>(method, params, token);
  }

  /** Has the server carry out one of its commands. With `workDoneToken` its progress is the caller's to show. */
  execute<T>(command: string, argument: object, token?: vscode.CancellationToken, workDoneToken?: string): Promise<T | undefined> {
    const shown = workDoneToken === undefined ? {} : { workDoneToken };
    return this.request<T>('workspace/executeCommand', { command, arguments: [{ v: 1, ...argument }], ...shown }, token);
  }

  /** Converts what the editor knows to what the protocol knows. */
  uri(uri: vscode.Uri): string {
    return this.client?.code2ProtocolConverter.asUri(uri) ?? uri.toString();
  }

  /** Runs the program beside the server, for what the protocol does not carry. */
  async run(args: readonly string[]): Promise<string> {
    const binary = this.found ?? (await this.find());
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const env = { ...process.env, ...(await this.keys.environment()), NO_COLOR: '1' };
    const options = { env, timeout: REPORT_MS, maxBuffer: MOST_OUTPUT, windowsHide: true, ...(folder === undefined ? {} : { cwd: folder }) };
    const running = promisify(execFile)(binary.path, [...args], options);
    // Nobody is there to answer a question.
    running.child.stdin?.end();
    return (await running).stdout;
  }

  dispose(): void {
    this.jobs.dispose();
    this.emitter.dispose();
    this.statusEmitter.dispose();
    this.editEmitter.dispose();
    this.log.dispose();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.queue.then(work, work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private become(state: State): void {
    this.current = state;
    this.emitter.fire();
  }

  private find(): Promise<Binary> {
    const setting = vscode.workspace.getConfiguration('tierline').get('server.path', '').trim();
    return findBinary(setting, this.context.extensionPath);
  }

  private async begin(): Promise<void> {
    this.become('starting');
    try {
      this.found = await this.find();
    } catch (error) {
      this.found = undefined;
      this.become('missing');
      this.log.error(String(error));
      void this.tellMissing(error);
      return;
    }
    this.log.info(`${this.found.version} at ${this.found.path} (${this.found.from})`);
    const library = await import('./library');
    this.client = new library.LanguageClient('tierline', 'Tierline', () => this.spawn(), this.options(library));
    this.client.onNotification('tierline/status', (status: Status) => this.statusEmitter.fire(status));
    this.client.onRequest('tierline/clientRename', (question: Question & { newName: string }) => this.peer.rename(question));
    this.client.onRequest('tierline/clientReferences', (question: Question) => this.peer.references(question));
    try {
      await this.client.start();
      this.become('running');
    } catch (error) {
      // What ends while it starts is told of by the handler of ends.
      this.log.error(`The server did not start: ${String(error)}`);
      if (this.current === 'starting') {
        this.become('failed');
        void this.tellFailed('The server did not start.');
      }
    }
  }

  private async end(): Promise<void> {
    const { client, child } = this;
    this.client = undefined;
    this.jobs.clear();
    if (client !== undefined) {
      try {
        await client.dispose(STOP_MS);
      } catch (error) {
        this.log.warn(String(error));
      }
    }
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill();
    }
    this.become('stopped');
  }

  private async spawn(): Promise<ChildProcess> {
    const binary = this.found;
    if (binary === undefined) {
      throw new Error('there is no program to start');
    }
    const args = [...(this.isOffline ? ['--offline'] : []), ...(this.safeMode ? ['--no-store'] : []), 'lsp'];
    const level = vscode.workspace.getConfiguration('tierline').get('server.logLevel', 'warn');
    const env = { ...process.env, TIERLINE_LOG: level, NO_COLOR: '1', ...(await this.keys.environment()) };
    const child = spawn(binary.path, args, { env, windowsHide: true, stdio: 'pipe' });
    child.on('exit', (code, signal) => this.log.info(`the server ended with ${signal ?? `code ${code}`}`));
    this.child = child;
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child;
  }

  private options(library: Library): LanguageClientOptions {
    return {
      documentSelector: selector,
      outputChannel: this.log,
      revealOutputChannelOn: library.RevealOutputChannelOn.Never,
      initializationOptions: () => ({ ...userSettings(), client }),
      // What a model or a repository says may hold no link that runs a command and no markup that the editor would believe.
      markdown: { isTrusted: false, supportHtml: false },
      errorHandler: {
        error: () => ({ action: library.ErrorAction.Continue, handled: true }),
        closed: () => this.closed(library),
      },
      initializationFailedHandler: () => false,
      middleware: {
        ...this.middleware,
        handleWorkDoneProgress: (token, params, next) => this.jobs.handle(token, params, () => next(token, params)),
        workspace: {
          configuration: (params, token, next) =>
            params.items.every((item) => item.section === 'tierline') ? params.items.map(() => windowSettings()) : next(params, token),
          // The user's setting files.refactoring.autoSave counts for our edits as for any other rename.
          handleApplyEdit: async (params, next) => {
            const result = await next({ ...params, metadata: { isRefactoring: true } }, NO_TOKEN);
            this.editEmitter.fire();
            return result;
          },
        },
      },
    };
  }

  /** The server ended by itself. */
  private async closed({ CloseAction, State }: Library): Promise<{ action: CloseAction; handled: boolean }> {
    this.jobs.clear();
    const verdict = this.crashes.ended(Date.now(), this.safeMode);
    if (verdict.action === 'stop') {
      this.become('failed');
      void this.tellFailed('The server keeps ending, in safe mode too.');
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.become('starting');
    if (verdict.safe && !this.safeMode) {
      this.safeMode = true;
      void this.tellSafe();
    }
    await new Promise((resolve) => setTimeout(resolve, verdict.delayMs));
    const client = this.client;
    // The language client starts anew when this has returned, and says only by its state when it is done.
    const watch = client?.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        watch?.dispose();
        this.become('running');
      }
    });
    return { action: CloseAction.Restart, handled: true };
  }

  private async tellMissing(error: unknown): Promise<void> {
    const isConfigured = error instanceof NoBinary && error.isConfigured;
    const [settings, install, again] = ['Open Settings', 'How to Install', 'Try Again'];
    const message = error instanceof Error ? error.message : String(error);
    const chosen = await vscode.window.showErrorMessage(`Tierline has no server to run. ${message}`, settings, ...(isConfigured ? [] : [install]), again);
    if (chosen === settings) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'tierline.server.path');
    } else if (chosen === install) {
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${this.context.extension.id}#start`, false);
    } else if (chosen === again) {
      await this.restart();
    }
  }

  private async tellSafe(): Promise<void> {
    const again = 'Restart with Everything';
    await this.tell('The server ended three times. It now runs in safe mode: no models, and no index kept on disk.', again);
  }

  private tellFailed(what: string): Promise<void> {
    return this.tell(`${what} Nothing of yours was changed.`, 'Restart');
  }

  private async tell(what: string, again: string): Promise<void> {
    const [log, doctor] = ['Show Log', 'Doctor'];
    const chosen = await vscode.window.showWarningMessage(`Tierline: ${what}`, again, log, doctor);
    if (chosen === again) {
      await this.restart();
    } else if (chosen === log) {
      this.log.show();
    } else if (chosen === doctor) {
      await vscode.commands.executeCommand('tierline.doctor');
    }
  }
}
