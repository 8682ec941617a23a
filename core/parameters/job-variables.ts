import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { type Check, checked, type Refusal } from './schema/check.ts';
import { isObject, type JsonObject } from './schema/json.ts';
import { prepared, withoutRequired } from './schema/prefect-schema.ts';

/**
 * Refuses job variables that the pool's job template does not allow. Variables that have a default
 * may be missing; with `partial`, all may.
 * @throws DibsError job_variables_invalid
 */
export function assertJobVariables(
  template: JsonText,
  jobVariables: JsonText,
  { partial = false, doing }: { partial?: boolean; doing: string },
): void {
  const variables = variablesOf(template);
  if (!variables) return;
  const given = jobVariables.parse();
  const wrong = checked(variables, (check) => {
    const { defaults, blocks, allFit } = fittingDefaults(check, variables);
    const all = { ...defaults, ...(isObject(given) ? given : {}) };
    const { required } = variables;
    const needed = Array.isArray(required) ? required.filter((name) => !blocks.has(name)) : [];
    return checkVariables(check, { ...variables, required: needed }, all, partial || !allFit);
  });
  if (!wrong) return;
  throw new DibsError('job_variables_invalid', `Error ${doing}: ${wrong.why}`, {
    hint: "The work pool's base_job_template says which job variables it takes.",
  });
}

/** What is wrong with the variables of a template, or with their defaults. */
export function defaultsRefusal(variables: JsonObject, defaults: JsonObject): Refusal | undefined {
  return checked(variables, (check) => checkVariables(check, variables, defaults, true));
}

/** Null is allowed for every variable that is not required, whatever its type is. */
function checkVariables(
  check: Check,
  variables: JsonObject,
  values: JsonObject,
  partial: boolean,
): Refusal | undefined {
  const schema = prepared(variables, { nullForDefaults: true });
  return check(values, partial ? withoutRequired(schema) : schema);
}

/** The defaults that fit. If one does not, Prefect requires no variable to be given. */
function fittingDefaults(check: Check, variables: JsonObject) {
  const partial = withoutRequired(variables);
  const all = Object.entries(isObject(variables['properties']) ? variables['properties'] : {})
    .filter(([, property]) => isObject(property) && 'default' in property)
    .map(([name, property]) => [name, (property as JsonObject)['default']] as const);
  const blocks = new Set(all.filter(([, value]) => isReference(value)).map(([name]) => name));
  const values = all.filter(([name]) => !blocks.has(name));
  const fit = values.filter(([name, value]) => !check({ [name]: value }, partial));
  return { defaults: Object.fromEntries(fit), blocks, allFit: fit.length === values.length };
}

/** A default may be a saved block. Its content is not read for each run. */
const isReference = (value: unknown): boolean => isObject(value) && '$ref' in value;

/** The schema of a template's variables; undefined, if there is none. */
function variablesOf(template: JsonText): JsonObject | undefined {
  const { variables } = template.parse() as { variables?: unknown };
  return isObject(variables) && Object.keys(variables).length > 0 ? variables : undefined;
}
