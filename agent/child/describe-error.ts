import { inspect, types } from 'node:util';
import type { Thrown } from './child-messages.ts';

/** Longer texts are cut: nobody reads more, and all of the text passes through the agent. */
const LONGEST = 1_000_000;

/**
 * Describes a thrown value, which may be anything and have anything as its message. Never throws.
 */
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
    return { name: 'Error', message: '(the thrown value cannot be described)', stack: undefined };
  }
}

/** Also true for an error of another realm, such as a vm context. */
function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error);
}

/** Returns a string as it is, and any other value as a debugger shows it. Never throws. */
export function asText(value: unknown): string {
  try {
    return (typeof value === 'string' ? value : inspect(value)).slice(0, LONGEST);
  } catch {
    return '(a value that cannot be shown)';
  }
}

/**
 * Why a process could not be started, as an error code (`E2BIG`). Never Node's message, because it
 * repeats the wrong value, and commands and environments hold secrets.
 */
export function startFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'no reason is known';
}
