import type { Instant } from '../values/instant.ts';

/** Pauses that end by themselves: a note beside each run, listed by its time. */
export interface PauseStore {
  /** Before the run is paused: alone it says nothing. In the place of the one before. */
  notePause(pause: DuePause): Promise<void>;
  /** Those whose time has come, the earliest first, some of them. An index read. */
  listDuePauses(now: Instant): Promise<DuePause[]>;
  /** If it is that one still: the run may have paused again. */
  forgetPause(pause: DuePause): Promise<void>;
}

/** A run whose pause ended by itself, and when. */
export interface DuePause {
  readonly runId: string;
  readonly until: Instant;
}
