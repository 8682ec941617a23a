import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { defaultsRefusal } from './job-variables.ts';
import { patternsRefusal } from './schema/check.ts';

/** The format of ids. A text in any other format is no key in the database either. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Json = Readonly<Record<string, unknown>>;

/**
 * Checks a pool's job template. It is `{}`, or a job configuration with the schema of its
 * variables, in which each {{ placeholder }} must be a property. As in Prefect, placeholders in the
 * top-level keys are ignored, and references to blocks or Prefect's variables are refused.
 * @throws DibsError template_invalid, payload_too_large
 */
export function assertTemplate(template: JsonText): void {
  if (template.bytes > NUMBERS.recordBytes) {
    throw new DibsError(
      'payload_too_large',
      `A job template may have at most ${NUMBERS.recordBytes} bytes; this one has ${template.bytes}.`,
    );
  }
  const value = template.parse() as Json;
  if (Object.keys(value).length === 0) return;
  const { job_configuration: configuration, variables } = value;
  if (!isFilled(configuration) || !isFilled(variables)) {
    throw invalid(
      'The `base_job_template` must contain both a `job_configuration` key and a `variables` key, neither of them empty.',
    );
  }
  const { properties = {} } = variables;
  if (!isObject(properties)) throw invalid('The `properties` of `variables` must be an object.');
  const unmatched = patternsRefusal(variables);
  if (unmatched) throw invalid(unmatched.why);
  const unknown = placeholdersIn(configuration).filter((name) => !Object.hasOwn(properties, name));
  if (unknown.length === 0) return;
  throw invalid(
    `The variables specified in the job configuration template must be present as properties in the variables schema. Your job configuration uses the following undeclared variable(s): ${[...new Set(unknown)].join(' ,')}.`,
  );
}

/**
 * Checks in addition, for a new pool, that the template's variables are a JSON schema and that the
 * defaults fit it. Prefect does not check this when a template is changed.
 * @throws DibsError template_invalid, block_document_not_found
 */
export async function assertDefaults(context: Context, template: JsonText): Promise<void> {
  const { variables } = template.parse() as { variables?: Json };
  if (!variables) return;
  const { properties } = variables;
  const defaults: Array<[string, unknown]> = [];
  for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
    if (!isObject(property) || !('default' in property)) continue;
    const value = await resolved(context, property['default']);
    if (value !== undefined) defaults.push([name, value]);
  }
  const wrong = defaultsRefusal(variables, Object.fromEntries(defaults));
  if (wrong) throw invalid(`Validation failed for work pool's job variable defaults: ${wrong.why}`);
}

/** A default may be a block document: `{"$ref": {"block_document_id": …}}`. */
async function resolved({ store }: Context, value: unknown): Promise<unknown> {
  if (!isObject(value) || !('$ref' in value)) return value;
  const id: unknown = Object(value['$ref']).block_document_id;
  if (id == null) return undefined;
  const block = UUID.test(String(id))
    ? await store.readBlockDocument(String(id).toLowerCase())
    : undefined;
  if (!block) throw new DibsError('block_document_not_found', 'Block not found.');
  return block.data.parse();
}

function placeholdersIn(configuration: Json): string[] {
  const found = JSON.stringify(Object.values(configuration)).matchAll(
    /\{\{\s*([\w.\-[\]$]+)\s*\}\}/g,
  );
  return [...found].map(([, name = '']) => name);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFilled = (value: unknown): value is Json =>
  isObject(value) && Object.keys(value).length > 0;

const invalid = (why: string) => new DibsError('template_invalid', why);
