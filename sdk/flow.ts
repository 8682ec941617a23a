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

/** The longest time that Node's timers can wait (2^31 ms): 24 days. */
const LONGEST_TIMEOUT_SECONDS = 2_147_483;

/** The arguments of a call. The parameters may be left out if none of them is required. */
export type Parameters<Input, Rest extends unknown[]> =
  Record<never, never> extends Input
    ? [parameters?: Input, ...rest: Rest]
    : [parameters: Input, ...rest: Rest];

/**
 * A flow. You can call it like any function: it checks its parameters and needs no server. To let
 * agents run it, `deploy` it.
 */
export interface Flow<Input, Result> {
  (...args: Parameters<Input, [context?: Partial<FlowContext>]>): Promise<Result>;
  readonly name: string;
  readonly [FLOW]: FlowDefinition;
}

type Body<Input, Result> = (parameters: Input, context: FlowContext) => Result | Promise<Result>;

/**
 * Makes a flow from a function. A zod schema gives the parameters their type, and they are checked
 * against it before the function runs. The function's result is kept as JSON.
 *
 * Calling the flow throws InvalidParametersError if the parameters do not fit.
 *
 * @throws TypeError if an option is not valid
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

/** The context of a flow that is called as a plain function. */
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
    throw new TypeError(
      `Flow ${name}: retries must be a whole number of at least 0, not ${retries}.`,
    );
  }
  if (!(retryDelaySeconds >= 0)) {
    throw new TypeError(
      `Flow ${name}: retryDelaySeconds must be at least 0, not ${retryDelaySeconds}.`,
    );
  }
  if (!(timeoutSeconds > 0 && timeoutSeconds <= LONGEST_TIMEOUT_SECONDS)) {
    throw new TypeError(
      `Flow ${name}: timeoutSeconds must be above 0 and at most ${LONGEST_TIMEOUT_SECONDS}, ` +
        `not ${timeoutSeconds}.`,
    );
  }
}
