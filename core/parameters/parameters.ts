import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { fromMembers, membersOf } from './json-object.ts';

/**
 * Refuses parameters that the deployment's schema does not allow. With `partial`, required
 * parameters may be missing: the defaults of a deployment need not be complete.
 * @throws DibsError parameters_invalid
 */
export function assertParameters(
  schema: JsonText,
  parameters: JsonText,
  {
    partial = false,
    as = 'parameters_invalid',
  }: { partial?: boolean; as?: 'parameters_invalid' | 'invalid_request' } = {},
): void {
  const wrong = faults(schema.parse() as Schema, parameters.parse(), partial);
  if (!wrong) return;
  throw new DibsError(as, `Validation failed for the parameters: ${wrong}`, {
    hint: "The deployment's parameter_openapi_schema says which parameters it takes.",
  });
}

/**
 * Refuses job variables that the pool's job template does not allow. Variables that have a default
 * may be missing.
 * @throws DibsError job_variables_invalid
 */
export function assertJobVariables(
  template: JsonText,
  jobVariables: JsonText,
  { partial = false }: { partial?: boolean } = {},
): void {
  const { variables } = template.parse() as { variables?: Schema | null };
  if (variables === null || typeof variables !== 'object') return;
  const hasDefault = (name: string): boolean => {
    const property: unknown = variables.properties?.[name];
    return property !== null && typeof property === 'object' && 'default' in property;
  };
  const required = [variables.required ?? []].flat().filter((name) => !hasDefault(name));
  const wrong = faults({ ...variables, required }, jobVariables.parse(), partial);
  if (!wrong) return;
  throw new DibsError(
    'job_variables_invalid',
    `Validation failed for the job variables: ${wrong}`,
    {
      hint: "The work pool's base_job_template says which job variables it takes.",
    },
  );
}

/**
 * Why `value` does not fit the schema; undefined if it does. With `partial`, nothing is required.
 */
export function faults(schema: Schema, value: unknown, partial: boolean): string | undefined {
  if (schema === null || typeof schema !== 'object') return undefined;
  const { required, ...rest } = schema;
  const whole = partial || required === undefined ? rest : { ...rest, required };
  if (Object.keys(whole).length === 0) return undefined;
  try {
    const { valid, errors } = new Validator(whole, '2020-12', false).validate(value);
    return valid ? undefined : explain(errors);
  } catch (error) {
    // The schema itself is wrong: for example, a reference to nowhere, or an invalid pattern.
    return `the schema cannot be used: ${(error as Error).message}`;
  }
}

function explain(errors: readonly OutputUnit[]): string {
  const leaves = errors.filter(({ keyword }) => keyword !== 'properties' && keyword !== 'anyOf');
  const shown = (leaves.length > 0 ? leaves : errors).slice(0, 5);
  return shown
    .map(
      ({ instanceLocation, error }) =>
        `${instanceLocation.replace(/^#\/?/, '') || 'parameters'}: ${error}`,
    )
    .join(' ');
}

/** The members of `base`, overridden by those of `over`, each as its original text. */
export function overlay(base: JsonText, over: JsonText): JsonText {
  const members = new Map([...membersOf(base), ...membersOf(over)]);
  return members.size === 0 ? base : fromMembers(members);
}
