import { randomUUID } from 'node:crypto';
import { ApiError } from '../../client/index.ts';
import { pause } from '../pause.ts';
import { isEnded, Session, type SessionOptions } from './session.ts';
import type { StateFile } from './state-file.ts';

interface SessionsOptions extends SessionOptions {
  /** Opens the file in which this agent stores its session ids, if it has one. Never rejects. */
  readonly openStateFile: () => Promise<StateFile | undefined>;
}

const REFUSED_MS = 10_000;
/** The pause after a response that says the session ended while it was being opened. */
const ANEW_MS = 1_000;
/**
 * If the state file names a session of a former process, that process is dead (this one got its
 * lock) and its children are ending: the kernel closed their lifelines, and each child kills its
 * process group when it is next scheduled. That takes milliseconds, or some hundred on an
 * overloaded machine. `replaces` lets other agents execute those runs at once, so the children
 * first get a second to end. Only an agent that was killed and restarted waits for this. A frozen
 * child would outlast any wait, but is fenced.
 */
const ORPHANS_END_WITHIN_MS = 1_000;

/** Opens the sessions of an agent, one after the other, with their names and what each replaces. */
export class Sessions {
  readonly #options: SessionsOptions;
  #current: Session;
  #file: StateFile | undefined;
  /**
   * Former sessions that may still be open on the server, although no process uses them. Newest
   * first.
   */
  #former: readonly string[] = [];

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#current = new Session(options);
  }

  get current(): Session {
    return this.#current;
  }

  /**
   * Opens the first session.
   * @throws ApiError if the server refuses; the signal's reason when it is aborted
   */
  async openFirst(signal: AbortSignal): Promise<void> {
    this.#file = await this.#options.openStateFile();
    this.#former = this.#file?.read() ?? [];
    if (this.#former.length > 0) await pause(ORPHANS_END_WITHIN_MS, signal);
    await this.#open(signal);
  }

  /**
   * Opens the next session, when the current one is over and its children are gone. Retries until
   * the session is open or the signal is aborted. Never rejects.
   */
  async openNext(signal: AbortSignal): Promise<void> {
    const { id, wasCutOff } = this.#current;
    // A session that the server has ended needs no replacing: its runs and its name are already
    // free.
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

  /**
   * Ends the current session on the server. Gives up if the server does not answer within
   * `withinMs`.
   */
  async close(withinMs: number): Promise<void> {
    if (await this.#current.close(withinMs)) this.#file?.write([]);
  }

  /** Releases the state file, so that another process of this name can use it. */
  release(): void {
    this.#file?.release();
  }

  /** Opens a session. If another live agent has the name, the name gets a suffix. */
  async #open(signal: AbortSignal): Promise<void> {
    let replaceable = this.#former;
    for (;;) {
      const { id, name } = this.#current;
      // Written before the session is opened, so that the file names every session that may be
      // open.
      this.#file?.write([id, ...this.#former]);
      try {
        await this.#current.open(signal, replaceable[0]);
        this.#former = [];
        this.#file?.write([id]);
        return;
      } catch (error) {
        if (isNameInUse(error)) {
          // The newest former session may never have been opened. Then an older one has the name.
          replaceable = replaceable.slice(1);
          this.#anew(replaceable.length > 0 ? name : this.#anotherName());
        } else if (isEnded(error)) {
          // A request whose response was lost opened the session, and its lease has expired since.
          replaceable = this.#former = [];
          await pause(ANEW_MS, signal);
          this.#anew(name);
        } else {
          // If the server refused, the session is not open. If the agent gave up, it may be open.
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
