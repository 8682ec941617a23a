import { randomUUID } from 'node:crypto';
import { ApiError } from '../../client/index.ts';
import { pause } from '../pause.ts';
import { isEnded, Session, type SessionOptions } from './session.ts';
import type { StateFile } from './state-file.ts';

interface SessionsOptions extends SessionOptions {
  /** Where this agent keeps which session it has, if it does. Never rejects. */
  readonly openStateFile: () => Promise<StateFile | undefined>;
}

const REFUSED_MS = 10_000;
/** After an answer that only a long silence explains. */
const ANEW_MS = 1_000;
/**
 * When we find a session of a former process, that process is dead (we have its lock) and its
 * children are ending: the kernel closed their lifelines, and each kills its process group when it
 * next gets to run. That takes milliseconds, or some hundred on a machine with too much to do. As
 * `replaces` lets others execute their runs at once, they get a second. It is waited only when an
 * agent comes back that was killed. A child that is frozen would outlast any wait; it is fenced.
 */
const ORPHANS_END_WITHIN_MS = 1_000;

/** The sessions of an agent, one after the other, and what each is called and replaces. */
export class Sessions {
  readonly #options: SessionsOptions;
  #current: Session;
  #file: StateFile | undefined;
  /** May be open on the server, with nobody in them any more. The newest first. */
  #former: readonly string[] = [];

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#current = new Session(options);
  }

  get current(): Session {
    return this.#current;
  }

  /** Opens the first one. Throws ApiError when the server refuses, and the signal's reason. */
  async openFirst(signal: AbortSignal): Promise<void> {
    this.#file = await this.#options.openStateFile();
    this.#former = this.#file?.read() ?? [];
    if (this.#former.length > 0) await pause(ORPHANS_END_WITHIN_MS, signal);
    await this.#open(signal);
  }

  /**
   * Opens another one, now that the current one is over and its children are gone. Tries until it is
   * open or the signal is aborted. Never rejects.
   */
  async openNext(signal: AbortSignal): Promise<void> {
    const { id, wasCutOff } = this.#current;
    // One that the server has ended needs no replacing: its runs and its name are free already.
    this.#former = wasCutOff ? [id] : [];
    this.#anew(this.#current.name);
    let refused = '';
    while (!signal.aborted) {
      try {
        return await this.#open(signal);
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof ApiError ? error.message : String(error);
        if (message !== refused) this.#options.onEvent({ type: 'refused', message });
        refused = message;
        await pause(REFUSED_MS, signal);
      }
    }
  }

  /** Says goodbye; gives up when the server is silent for `withinMs`. */
  async close(withinMs: number): Promise<void> {
    if (await this.#current.close(withinMs)) this.#file?.write([]);
  }

  /** Lets another process have the name and what we know of it. */
  release(): void {
    this.#file?.release();
  }

  /** A name that another live agent has gets a suffix. */
  async #open(signal: AbortSignal): Promise<void> {
    let replaceable = this.#former;
    for (;;) {
      const { id, name } = this.#current;
      // Before it is opened: none can be open that the file does not name.
      this.#file?.write([id, ...this.#former]);
      try {
        await this.#current.open(signal, replaceable[0]);
        this.#former = [];
        this.#file?.write([id]);
        return;
      } catch (error) {
        if (isNameInUse(error)) {
          // The newest may never have been opened; then the name is still that of one before it.
          replaceable = replaceable.slice(1);
          this.#anew(replaceable.length > 0 ? name : this.#anotherName());
        } else if (isEnded(error)) {
          // It was opened by a request whose reply was lost, and its lease lapsed since.
          replaceable = this.#former = [];
          await pause(ANEW_MS, signal);
          this.#anew(name);
        } else {
          // Refused, it is not open; given up, it may be.
          if (error instanceof ApiError) this.#file?.write(this.#former);
          throw error;
        }
      }
    }
  }

  #anotherName(): string {
    const { name, onEvent } = this.#options;
    const instead = `${name}-${randomUUID().slice(0, 4)}`;
    onEvent({ type: 'name_taken', name: this.#current.name, instead });
    return instead;
  }

  #anew(name: string): void {
    this.#current = new Session({ ...this.#options, name });
  }
}

function isNameInUse(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'name_in_use';
}
