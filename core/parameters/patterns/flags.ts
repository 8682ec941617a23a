import type { Reader } from './reader.ts';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly ascii: boolean;
  readonly verbose: boolean;
}

const LETTERS: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'lines',
  s: 'dotAll',
  a: 'ascii',
  x: 'verbose',
};

const NO_FLAGS: Flags = {
  ignoreCase: false,
  lines: false,
  dotAll: false,
  ascii: false,
  verbose: false,
};

/** The flags for the whole pattern, as in (?i)abc. They stand at its start. */
export function globalFlags(reader: Reader): Flags {
  let flags = NO_FLAGS;
  for (;;) {
    const start = reader.position;
    const letters = reader.take('(?') ? reader.while(/^[aimsux]$/) : '';
    if (letters === '' || !reader.take(')')) {
      reader.back(start);
      return flags;
    }
    flags = withFlags(flags, letters, true);
  }
}

/** Python's patterns are in Unicode unless flag `a` is set, so `u` changes nothing. */
export const withFlags = (flags: Flags, letters: string, on: boolean): Flags => ({
  ...flags,
  ...Object.fromEntries([...letters].flatMap((one) => (LETTERS[one] ? [[LETTERS[one], on]] : []))),
});
