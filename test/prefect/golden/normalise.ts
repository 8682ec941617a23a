import { Numeral, toText } from './json.ts';
import { instantOf, type Variables } from './variables.ts';

/**
 * Fields that are not normalized. They are compared as JSON text, so the order of keys and `1.0`
 * count.
 */
const VERBATIM = new Set([
  'parameters',
  'job_variables',
  'data',
  'base_job_template',
  'pull_steps',
  'context',
  'parameter_openapi_schema',
]);
/** Fields that say how long something took or will take. */
const DURATIONS = new Set([
  'total_run_time',
  'estimated_run_time',
  'estimated_start_time_delta',
  'delay_seconds',
]);
/** Sets, which Prefect lists in any order. */
const UNORDERED = new Set(['pause_keys']);
/** Fields with texts for people. Only the presence of a text is compared, not its wording. */
const PROSE = new Set(['reason']);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;
const RANDOM_NAME = /^[a-z]+-[a-z]+$/;

/**
 * Replaces the parts of a response that differ each time a scenario is played. An id gets the name
 * of the case that first returned it.
 */
export class Normaliser {
  readonly #variables: Variables;
  #case = '';

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  of(caseName: string, body: unknown): unknown {
    this.#case = caseName;
    return this.#value(body, [], '');
  }

  /**
   * `kind` is the key in a run. Prefect joins the tags of a run and its deployment in any order.
   */
  #value(value: unknown, at: readonly string[], kind: string): unknown {
    const key = at.at(-1) ?? '';
    if (value !== null && VERBATIM.has(key)) return `<json ${this.#text(toText(value), at)}>`;
    if (value instanceof Numeral) return this.#number(Number(value.text), key);
    if (typeof value === 'number') return this.#number(value, key);
    if (typeof value === 'string') return this.#string(value, at, kind);
    if (Array.isArray(value) && kind === 'tags') return value.toSorted();
    if (Array.isArray(value)) {
      const all = value.map((one, i) => this.#value(one, [...at, `${i}`], ''));
      return UNORDERED.has(key) ? all.toSorted() : all;
    }
    if (typeof value !== 'object' || value === null) return value;
    const isRun = 'state_type' in value;
    const entries = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [
        this.#text(name, at),
        this.#value(one, [...at, name], isRun ? name : ''),
      ]);
    return Object.fromEntries(entries);
  }

  #number(value: number, key: string): unknown {
    return DURATIONS.has(key) && value > 0 ? '<seconds>' : value;
  }

  #string(value: string, at: readonly string[], kind: string): string {
    if (PROSE.has(at.at(-1) ?? '')) return '<text>';
    if (TIMESTAMP.test(value)) {
      const given = this.#variables.nameOfTime.get(instantOf(value) ?? '');
      return given ? `<time ${given}>` : '<time>';
    }
    if (kind === 'name' && RANDOM_NAME.test(value)) return '<name>';
    return this.#text(value, at);
  }

  #text(text: string, at: readonly string[]): string {
    const { nameOfId, tag } = this.#variables;
    const named = text.replaceAll(UUID, (found) => {
      const id = found.toLowerCase();
      if (!nameOfId.has(id)) nameOfId.set(id, [this.#case, ...at].join('.'));
      return `<${nameOfId.get(id)}>`;
    });
    return named.replaceAll(tag, '{tag}');
  }
}
