import type { Instant } from '../../../model/values/instant.ts';

/** The server's clock in a test: it runs by itself, and jumps ahead when the test tells it to. */
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
