import { clockIsOff } from '../world/agent-clock.ts';
import { frozenAfterEffect, frozenBeforeEffect } from '../world/frozen-agent.ts';
import { killedAfterEffect, killedBeforeEffect } from '../world/killed-agent.ts';
import type { ProcessCells, Where } from './table.ts';

/** The cells that need real agent processes. */
export const processCells = (where: Where): ProcessCells => ({
  'process killed': {
    tests: {
      'after its message took effect, and before it heard so': killedAfterEffect(where),
      'before its message took effect': killedBeforeEffect(where),
    },
  },
  'process frozen past its lease': {
    tests: {
      'with its message under way, which comes after all else': frozenBeforeEffect(where),
      'after its message took effect, and it goes on as it meant to': frozenAfterEffect(where),
    },
  },
  'agent clock an hour off': {
    tests: { 'its message tells no time, and the server asks its own clock': clockIsOff(where) },
  },
});
