import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { InvalidParametersError } from './errors.ts';
import {
  type Checked,
  FLOW,
  type FlowContext,
  type FlowDefinition,
  type FlowOptions,
} from './flow-definition.ts';

/** Longer than this Node cannot time (2^31 ms): 24 days. */
const LONGEST_TIMEOUT_SECONDS = 2_147_483;

/** May be left out when nothing in it is required. */
export type Parameters<Input, Rest extends unknown[]> =
  Record<never, never> extends Input
    ? [parameters?: Input, ...rest: Rest]
    : [parameters: Input, ...rest: Rest];

/**
 * A flow. Call it as the function it is: the parameters are checked, no server is needed. To have
 * agents run it, `deploy` it.
 */
export interface Flow<Input, Result> {
  (...args: Parameters<Input, [context?: Partial<FlowContext>]>): Promise<Result>;
  readonly name: string;
  readonly [FLOW]: FlowDefinition;
}

type Body<Input, Result> = (parameters: Input, context: FlowContext) => Result | Promise<Result>;

/**
 * Makes a flow of a function. With a zod schema the parameters are typed by it, and checked before
 * the function runs. What the function returns is kept as JSON.
 *
 * Throws TypeError for options that make no sense. Calling the flow throws InvalidParametersError
 * when the parameters do not fit.
 *
 * @example
 * export const hash = flow(
 *   'hash',
 *   async ({ path }) => createHash('sha256').update(await readFile(path)).digest('hex'),
 *   { parameters: z.object({ path: z.string() }), retries: 2, retryDelaySeconds: 10 },
 * );
 * const digest = await hash({ path: 'package.json' });
 */
export function flow<Schema extends z.ZodType, Result>(
  name: string,
  body: Body<z.output<Schema>, Result>,
  options: FlowOptions & { readonly parameters: Schema },
): Flow<z.input<Schema>, Result>;
export function flow<Result, Input = Record<string, unknown>>(
  name: string,
  body: Body<Input, Result>,
  options?: FlowOptions,
): Flow<Input, Result>;
export function flow(
  name: string,
  body: Body<never, unknown>,
  { parameters: schema, ...options }: FlowOptions & { readonly parameters?: z.ZodType } = {},
): Flow<unknown, unknown> {
  refuseNonsense(name, options);
  const definition: FlowDefinition = {
    name,
    options,
    schema,
    check: (parameters) => check(schema, parameters),
    call: async (parameters, context) => body(parameters as never, context),
  };
  const callable = async (parameters: unknown = {}, context: Partial<FlowContext> = {}) => {
    const checked = await definition.check(parameters);
    if (!checked.ok) throw new InvalidParametersError(checked.message);
    return definition.call(checked.value, { ...contextOfItsOwn(), ...context });
  };
  Object.defineProperty(callable, 'name', { value: name });
  return Object.assign(callable, { [FLOW]: definition }) as Flow<unknown, unknown>;
}

async function check(schema: z.ZodType | undefined, parameters: unknown): Promise<Checked> {
  if (!schema) return { ok: true, value: parameters };
  const result = await schema.safeParseAsync(parameters);
  if (result.success) return { ok: true, value: result.data };
  const findings = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'parameters'}: ${message}`,
  );
  return { ok: false, message: `The parameters do not fit. ${findings.join('; ')}` };
}

/** For a flow that is called as a plain function. */
function contextOfItsOwn(): FlowContext {
  return {
    runId: randomUUID(),
    attempt: 1,
    runCount: 1,
    signal: new AbortController().signal,
    log: console,
  };
}

function refuseNonsense(name: string, options: FlowOptions): void {
  if (!name) throw new TypeError('A flow needs a name.');
  const { retries = 0, retryDelaySeconds = 0, timeoutSeconds = 1 } = options;
  if (!Number.isInteger(retries) || retries < 0) {
    throw new TypeError(`Flow ${name}: retries is a whole number from 0 on, not ${retries}.`);
  }
  if (!(retryDelaySeconds >= 0)) {
    throw new TypeError(`Flow ${name}: retryDelaySeconds is 0 or more, not ${retryDelaySeconds}.`);
  }
  if (!(timeoutSeconds > 0 && timeoutSeconds <= LONGEST_TIMEOUT_SECONDS)) {
    throw new TypeError(
      `Flow ${name}: timeoutSeconds is above 0 and at most ${LONGEST_TIMEOUT_SECONDS}, ` +
        `not ${timeoutSeconds}.`,
    );
  }
}
