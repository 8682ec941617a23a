import { RE2JS } from 're2js';
import type { Steps } from '../schema/steps.ts';
import { InvalidPattern, UnboundedPattern } from './pattern-fault.ts';
import { fromPython } from './python-pattern.ts';

/** How many steps a compilation takes, beside those for each instruction of the program. */
const COMPILATION = 50;
const PER_INSTRUCTION = 8;
/** Characters times instructions that one step matches at least, in the slowest of RE2's ways. */
const PER_STEP = 25;

/** The patterns of one check, each compiled once. */
export class PatternMemory {
  readonly #steps: Steps;
  readonly #compiled = new Map<string, RE2JS>();

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  /**
   * Whether Python's `re.search` finds the pattern in the text.
   * @throws InvalidPattern, UnboundedPattern, TooManySteps
   */
  matches(pattern: string, text: string): boolean {
    const compiled = this.compile(pattern);
    this.#steps.take(1 + (text.length * compiled.programSize()) / PER_STEP);
    return compiled.test(text);
  }

  compile(pattern: string): RE2JS {
    const known = this.#compiled.get(pattern);
    if (known) return known;
    const { text, weight } = fromPython(pattern);
    this.#steps.take(COMPILATION + PER_INSTRUCTION * weight);
    const made = inRe2(text);
    this.#compiled.set(pattern, made);
    return made;
  }
}

function inRe2(text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    throw new UnboundedPattern(`RE2 cannot match it (${(error as Error).message})`);
  }
}

/** Why Prefect refuses a text as a pattern; undefined, if it does not. */
export function invalidPattern(pattern: string): string | undefined {
  try {
    fromPython(pattern);
  } catch (error) {
    if (error instanceof InvalidPattern) return error.message;
    if (!(error instanceof UnboundedPattern)) throw error;
  }
  return undefined;
}
