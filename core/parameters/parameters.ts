import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { fromMembers, membersOf } from './json-object.ts';
import { patternsRefusal, type Refusal, refusal, schemaRefusal } from './schema/check.ts';
import type { JsonObject } from './schema/json.ts';
import { prepared, withoutRequired } from './schema/prefect-schema.ts';

const HINT = "The deployment's parameter_openapi_schema says which parameters it takes.";

/**
 * Refuses parameters of a run that the deployment's schema does not allow.
 * @throws DibsError parameters_invalid, invalid_request
 */
export function assertParameters(schema: JsonText, parameters: JsonText): void {
  const wrong = refusal(prepared(schema.parse()), parameters.parse());
  if (wrong) throw refused(wrong, 'Error creating flow run: ');
}

/**
 * Refuses defaults of a deployment that the schema does not allow, when the deployment is changed.
 * They need not be complete.
 * @throws DibsError parameters_invalid, invalid_request
 */
export function assertChangedDefaults(schema: JsonText, parameters: JsonText): void {
  const partial = withoutRequired(prepared(schema.parse()));
  const wrong = refusal(partial, parameters.parse()) ?? patternsRefusal(partial);
  if (wrong) throw refused(wrong, 'Error updating deployment: ');
}

/**
 * Refuses defaults of a new deployment. Prefect is stricter here: null is not taken for an optional
 * parameter of another type, and a parameter of a block's type cannot name a saved block.
 * @throws DibsError invalid_request
 */
export function assertFirstDefaults(schema: JsonText, parameters: JsonText): void {
  const whole = schema.parse();
  const wrong =
    refusal(withoutRequired(whole as JsonObject), parameters.parse()) ?? schemaRefusal(whole);
  if (wrong) throw refused({ ...wrong, of: 'schema' }, '');
}

/**
 * Refuses a schema whose patterns cannot be matched in linear time.
 * @throws DibsError invalid_request
 */
export function assertPatterns(schema: JsonText): void {
  const wrong = patternsRefusal(schema.parse());
  if (wrong) throw refused(wrong, '');
}

const refused = ({ of, why }: Refusal, prefix: string): DibsError =>
  of === 'value'
    ? new DibsError('parameters_invalid', `${prefix}${why}`, { hint: HINT })
    : new DibsError('invalid_request', `${prefix}${why}`, { hint: HINT });

/** The members of `base`, overridden by those of `over`, each as its original text. */
export function overlay(base: JsonText, over: JsonText): JsonText {
  const members = new Map([...membersOf(base), ...membersOf(over)]);
  return members.size === 0 ? base : fromMembers(members);
}
