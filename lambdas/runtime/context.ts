import { hash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Context } from '../../core/context.ts';
import { Memory } from '../../core/memory.ts';
import type { Store } from '../../model/store.ts';

/** The context of a real process: a store, and the process's own clock and randomness. */
export function systemContext(
  store: Store,
  {
    count = () => {},
    tell = () => {},
    log = logErrors,
  }: Partial<Pick<Context, 'count' | 'tell' | 'log'>> = {},
): Context {
  return {
    store,
    count,
    tell,
    log,
    now: () => Date.now() * 1000,
    newId: () => v7(),
    newSecret: () => randomBytes(16).toString('base64url'),
    sha256: (text) => hash('sha256', text),
    random: Math.random,
    memory: new Memory(),
  };
}

/** The default log: errors alone, on standard error. */
const logErrors: Context['log'] = ({ level, message, facts, error }) => {
  if (level !== 'error') return;
  const { name, message: reason, stack } = (error ?? {}) as Partial<Error>;
  console.error(JSON.stringify({ level, message, ...facts, name, reason, stack }));
};
