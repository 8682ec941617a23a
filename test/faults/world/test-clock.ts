import type { Instant } from '../../../model/values/instant.ts';

/** The server's clock, as a test has it: it goes on by itself, and jumps ahead when told to. */
export interface TestClock {
  readonly now: () => Instant;
  jump(by: Instant): void;
}

export function testClock(): TestClock {
  let ahead = 0;
  return {
    now: () => Date.now() * 1000 + ahead,
    jump: (by) => {
      ahead += by;
    },
  };
}
