import type { Store } from '../model/store.ts';
import type { Instant, Micros } from '../model/values/instant.ts';
import type { Memory } from './memory.ts';

/**
 * All that the rules need from the world. Built once per process by an entry point; a test passes
 * its own clock and counts. Every `await` in core is a call of `store`.
 */
export interface Context {
  readonly store: Store;
  /** The server's clock. The only one that decides anything: agents' clocks never do. */
  readonly now: () => Instant;
  /** A new UUIDv7, as text. */
  readonly newId: () => string;
  /** 16 random bytes, base64url: the unguessable part of a claim token. */
  readonly newSecret: () => string;
  /** SHA-256 of a text, in hex: all that is kept of an API key. */
  readonly sha256: (text: string) => string;
  /** In [0, 1). Only spreads load (which candidate first); nothing correct depends on it. */
  readonly random: () => number;
  /** What this process remembers, by who remembers it: see memory.ts. */
  readonly memory: Memory;
  /** Adds to a counter of the operator's metrics. */
  readonly count: (metric: Metric, by: number) => void;
  /** Who holds a run from now on. */
  readonly tell: (claim: ToldClaim) => void;
  /** One line of the log. Ids and names, never tokens, keys or payloads. */
  readonly log: (line: LogLine) => void;
}

interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  /** Such as `run_id`, `session_id`, `route`. */
  readonly facts?: Readonly<Record<string, string | number | undefined>>;
  readonly error?: unknown;
}

export interface ToldClaim {
  readonly runId: string;
  readonly sessionId: string;
  /** Absent: its claimant has no name. */
  readonly worker: string | undefined;
  /** For how long it had waited since it was due; absent where that was not read. */
  readonly waited?: Micros;
}

/** What is counted, for the operator. */
type Metric =
  | 'claims'
  | 'claim_failures'
  | 'lost_conditions'
  | 'transitions'
  | 'decided_again'
  | 'sessions_lapsed'
  | 'recovered'
  | 'recovery_failures'
  | 'slots_stranded'
  | 'scheduled'
  | 'scheduling_failures'
  | 'unavailable'
  | 'server_errors';
