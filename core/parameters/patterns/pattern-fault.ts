/** A text is no pattern in Python's syntax. Prefect refuses it, too. */
export class InvalidPattern extends Error {}

/** A pattern is valid, but cannot be matched in a time that is bounded. */
export class UnboundedPattern extends Error {}

/** Of what stands behind (? in Python, the parts that no automaton can match. */
export const UNBOUNDED_GROUPS = [
  ['=', 'a lookahead, (?=…)'],
  ['!', 'a lookahead, (?!…)'],
  ['<=', 'a lookbehind, (?<=…)'],
  ['<!', 'a lookbehind, (?<!…)'],
  ['>', 'an atomic group, (?>…)'],
  ['(', 'a condition, (?(…)…)'],
] as const;

export const unbounded = (what: string) => new UnboundedPattern(`it has ${what}`);

export const backreference = (text: string) =>
  unbounded(`a reference to what a group matched, ${text}`);
