import { inspect, types } from 'node:util';
import type { Thrown } from './child-messages.ts';

/** More of one text is of no use to anybody, and it all has to pass through the agent. */
const LONGEST = 1_000_000;

/** Anything can be thrown, with anything for a message. Never throws itself. */
export function describeThrown(error: unknown): Thrown {
  try {
    if (!isError(error)) return { name: 'Error', message: asText(error), stack: undefined };
    const { name, message, stack } = error;
    return {
      name: asText(name),
      message: asText(message),
      stack: typeof stack === 'string' ? asText(stack) : undefined,
    };
  } catch {
    return { name: 'Error', message: '(what was thrown cannot be described)', stack: undefined };
  }
}

/** Also one that another realm made. */
function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error);
}

/** A text as it is, anything else as a debugger would show it. Never throws. */
export function asText(value: unknown): string {
  try {
    return (typeof value === 'string' ? value : inspect(value)).slice(0, LONGEST);
  } catch {
    return '(a value that cannot be shown)';
  }
}

/**
 * Why no process came about, as a code (`E2BIG`). Never Node's sentence: it repeats the value that
 * was wrong, and commands and environments hold secrets.
 */
export function startFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'for a reason that Node does not tell';
}
