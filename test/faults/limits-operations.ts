import * as fc from 'fast-check';

/** What happens to limits, and to what is subject to them. Everything is named by a number. */
export type Operation =
  | {
      readonly kind: 'claim';
      readonly agent: number;
      readonly atMost: number;
      readonly start: boolean;
    }
  /** By set_state, as a Prefect worker claims: or starts at once. */
  | {
      readonly kind: 'claim directly';
      readonly worker: number;
      readonly run: number;
      readonly start: boolean;
    }
  /** By whoever claimed it last, or by who did before. */
  | {
      readonly kind: 'propose';
      readonly run: number;
      readonly type: 'RUNNING' | 'COMPLETED' | 'SCHEDULED' | 'FAILED';
      readonly stale: boolean;
    }
  /** By an operator, who needs no claim. */
  | { readonly kind: 'release'; readonly run: number }
  | { readonly kind: 'force'; readonly run: number; readonly type: 'SCHEDULED' | 'CANCELLED' }
  | { readonly kind: 'cancel'; readonly run: number }
  | { readonly kind: 'create'; readonly deployment: number }
  | { readonly kind: 'limit'; readonly scope: number; readonly to: number | null }
  | { readonly kind: 'sweep' }
  /** An agent dies; another one is there at once. */
  | { readonly kind: 'die'; readonly agent: number };

/** Operations that happen at once, and how many seconds pass after them. */
export interface Step {
  readonly atOnce: readonly Operation[];
  readonly seconds: number;
}

export const AGENTS = 3;
export const WORKERS = 3;
export const RUNS = 6;
/** The pool, its queue and two deployments. */
export const SCOPES = 4;

const upTo = (n: number) => fc.nat({ max: n - 1 });
const run = upTo(RUNS);
const of = <Kind extends Operation['kind']>(
  weight: number,
  kind: Kind,
  fields: {
    [Name in Exclude<keyof Extract<Operation, { kind: Kind }>, 'kind'>]: fc.Arbitrary<
      Extract<Operation, { kind: Kind }>[Name]
    >;
  },
) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), ...fields }) as fc.Arbitrary<Operation>,
});

const operation: fc.Arbitrary<Operation> = fc.oneof(
  of(8, 'claim', {
    agent: upTo(AGENTS),
    atMost: fc.integer({ min: 1, max: 3 }),
    start: fc.boolean(),
  }),
  of(5, 'claim directly', { worker: upTo(WORKERS), run, start: fc.boolean() }),
  of(8, 'propose', {
    run,
    type: fc.constantFrom('RUNNING', 'COMPLETED', 'SCHEDULED', 'FAILED'),
    stale: fc.boolean(),
  }),
  of(1, 'release', { run }),
  of(1, 'force', { run, type: fc.constantFrom('SCHEDULED', 'CANCELLED') }),
  of(1, 'cancel', { run }),
  of(2, 'create', { deployment: upTo(2) }),
  of(6, 'limit', {
    scope: upTo(SCOPES),
    to: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null, freq: 4 }),
  }),
  of(1, 'sweep', {}),
  of(1, 'die', { agent: upTo(AGENTS) }),
);

const step: fc.Arbitrary<Step> = fc.record({
  atOnce: fc.array(operation, { minLength: 1, maxLength: 5 }),
  // Records are cached for 2 s, sessions for 3; a limit settles in 10; a lease lapses after 30.
  seconds: fc.constantFrom(0, 0, 0, 1, 3, 11, 36),
});

export const history: fc.Arbitrary<History> = fc.record({
  /** What the limits are to begin with. */
  limits: fc.array(fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }), {
    minLength: SCOPES,
    maxLength: SCOPES,
  }),
  steps: fc.array(step, { minLength: 3, maxLength: 12 }),
});

export interface History {
  readonly limits: ReadonlyArray<number | null>;
  readonly steps: readonly Step[];
}
