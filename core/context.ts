import type { Store } from '../model/store.ts';
import type { Instant, Micros } from '../model/values/instant.ts';
import type { Memory } from './memory.ts';

/**
 * Everything that the rules need from outside. An entry point builds it once per process; tests
 * pass their own clock and counters. Every `await` in core is a call of `store`.
 */
export interface Context {
  readonly store: Store;
  /** The server's clock. It is the only clock that decides anything; agents' clocks never do. */
  readonly now: () => Instant;
  /** A new UUIDv7, as text. */
  readonly newId: () => string;
  /** 16 random bytes, base64url: the unguessable part of a claim token. */
  readonly newSecret: () => string;
  /** SHA-256 of a text, in hex. Of an API key, only this hash is stored. */
  readonly sha256: (text: string) => string;
  /**
   * In [0, 1). It only spreads load, such as the order of candidates; correctness never depends on
   * it.
   */
  readonly random: () => number;
  /** What this process remembers between requests: see memory.ts. */
  readonly memory: Memory;
  /** Adds to a counter of the operator's metrics. */
  readonly count: (metric: Metric, by: number) => void;
  /** Reports a new claim to the log. */
  readonly tell: (claim: ToldClaim) => void;
  /** Writes one line to the log. It may contain ids and names, never tokens, keys or payloads. */
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
  /** undefined: the claimant has no name. */
  readonly worker: string | undefined;
  /** How long the run had waited since it was due; absent if that was not read. */
  readonly waited?: Micros;
}

/** The counters of the operator's metrics. */
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
