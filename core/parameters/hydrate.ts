import { type Node, parseTree } from 'jsonc-parser';
import { DibsError } from '../../model/values/errors.ts';
import { jsonExcess } from '../../model/values/json-excess.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { render } from './jinja/render.ts';
import { JinjaFault, JinjaUnsupported } from './jinja/values.ts';
import { pythonJson } from './python-json.ts';

const KIND = '__prefect_kind';

/**
 * Replaces templates in parameters with their values, as Prefect does before it creates a run:
 * `{"__prefect_kind": "json", "value": "3"}` becomes 3, a `workspace_variable` the value of that
 * variable, and the template of `jinja` its text. All other text stays unchanged.
 * @throws DibsError parameter_template_invalid, not_supported
 */
export const hydrate = (context: Context, parameters: JsonText, what = 'flow run parameters') =>
  hydrateWith(parameters, what, async (name) => (await context.store.readVariable(name))?.value);

type ReadVariable = (name: string) => Promise<JsonText | undefined>;

/** The same, with variables from wherever they are. */
export async function hydrateWith(
  parameters: JsonText,
  what: string,
  readVariable: ReadVariable,
): Promise<JsonText> {
  const { text } = parameters;
  if (!text.includes(KIND)) return parameters;
  const root = parseTree(text);
  if (!root) return parameters;
  try {
    const hydrated = (await new Hydration(text, readVariable).textOf(root)) ?? '{}';
    if (!hydrated.startsWith('{')) throw new Invalid('Parameters must be an object.');
    // A text of kind "json" may be deep, and be put deep into the others.
    const excess = jsonExcess(hydrated);
    if (excess) throw new Invalid(excess.message);
    return new JsonText(hydrated);
  } catch (error) {
    throw error instanceof Invalid ? invalid(what, error.message) : error;
  }
}

class Invalid extends Error {}

const invalid = (what: string, why: string) =>
  new DibsError('parameter_template_invalid', `Error hydrating ${what}: ${why}`, {
    hint: 'Send the value itself, or correct the object with the key __prefect_kind.',
  });

/** Without the keys `value` or `variable_name`, json and workspace_variable leave no value. */
type Hydrated = string | undefined;

class Hydration {
  readonly #text: string;
  readonly #readVariable: ReadVariable;
  readonly #variables = new Map<string, JsonText | undefined>();

  constructor(text: string, readVariable: ReadVariable) {
    this.#text = text;
    this.#readVariable = readVariable;
  }

  /** The text of a node with its templates replaced; undefined: the node is left out. */
  async textOf(node: Node): Promise<Hydrated> {
    const { type, children = [] } = node;
    if (type === 'array') {
      const all: string[] = [];
      for (const one of children) {
        const inside = await this.textOf(one);
        if (inside !== undefined) all.push(inside);
      }
      return `[${all.join(',')}]`;
    }
    if (type !== 'object') return this.#asIs(node);
    const members = membersOf(node);
    const kind = members.get(KIND);
    if (kind) return this.#ofKind(kind.value, members);
    const all: string[] = [];
    for (const [key, value] of members) {
      const inside = await this.textOf(value);
      if (inside !== undefined) all.push(`${JSON.stringify(key)}:${inside}`);
    }
    return `{${all.join(',')}}`;
  }

  async #ofKind(kind: unknown, members: ReadonlyMap<string, Node>): Promise<Hydrated> {
    const value = members.get('value');
    switch (kind) {
      case 'none':
        return this.textOf(value ?? missing('value'));
      case 'json': {
        const text = value && (await this.#within(value));
        return text?.startsWith('"') ? json(JSON.parse(text)) : text;
      }
      case 'jinja': {
        const text = await this.#within(members.get('template') ?? missing('template'));
        // Only a text can be a template. Prefect passes on an object or a list.
        return text && (/^[{[]/.test(text) ? text : jinja(JSON.parse(text)));
      }
      case 'workspace_variable': {
        const name = members.get('variable_name');
        const text = name && (await this.#within(name));
        return text && this.#variable(JSON.parse(text));
      }
      default:
        return value ? this.#asIs(value) : 'null';
    }
  }

  /** An object may itself be a template; a list is taken as it is. */
  async #within(node: Node): Promise<Hydrated> {
    return node.type === 'object' ? this.textOf(node) : this.#asIs(node);
  }

  async #variable(name: unknown): Promise<string> {
    const key = typeof name === 'string' ? name : JSON.stringify(name);
    if (!this.#variables.has(key)) {
      if (this.#variables.size === NUMBERS.variablesNamed) {
        throw new Invalid(`More than ${NUMBERS.variablesNamed} variables are named.`);
      }
      this.#variables.set(key, await this.#readVariable(key));
    }
    const value = this.#variables.get(key);
    if (!value) throw new Invalid(`Variable '${key}' not found in workspace.`);
    return value.text;
  }

  #asIs({ offset, length }: Node): string {
    return this.#text.slice(offset, offset + length);
  }
}

/** Of a key that is there twice, the last one counts. */
const membersOf = ({ children = [] }: Node): Map<string, Node> =>
  new Map(
    children.flatMap(({ children: [key, value] = [] }) =>
      key && value ? [[key.value as string, value] as const] : [],
    ),
  );

function missing(key: string): never {
  throw new Invalid(`Missing '${key}' key in __prefect object`);
}

function json(text: string): string {
  try {
    return pythonJson(text);
  } catch (error) {
    throw new Invalid(`Invalid JSON: ${(error as Error).message}`);
  }
}

function jinja(template: unknown): string {
  if (typeof template !== 'string') throw new Invalid('Invalid jinja: the template must be a text');
  try {
    return JSON.stringify(render(template));
  } catch (error) {
    if (error instanceof JinjaFault) throw new Invalid(`Invalid jinja: ${error.message}`);
    if (!(error instanceof JinjaUnsupported)) throw error;
    throw new DibsError('not_supported', `dibs does not support ${error.message} in Jinja.`, {
      hint: 'Send the value itself. Templates of parameters get no values from Prefect, either.',
    });
  }
}
