import type { Instant } from '../values/instant.ts';

/**
 * Pauses with a time-out: a note beside each paused run, listed by the time at which the pause
 * ends.
 */
export interface PauseStore {
  /**
   * Write the note before the run is paused: a note alone has no effect. It replaces the note of an
   * earlier pause.
   */
  notePause(pause: DuePause): Promise<void>;
  /** Some of the pauses whose time has come, earliest first. An index read. */
  listDuePauses(now: Instant): Promise<DuePause[]>;
  /** Deletes the note if it is still this one: the run may have paused again. */
  forgetPause(pause: DuePause): Promise<void>;
}

/** A run whose pause has a time-out, and when that is. */
export interface DuePause {
  readonly runId: string;
  readonly until: Instant;
}
