import { type Node, parseTree } from 'jsonc-parser';
import { DibsError } from '../../model/values/errors.ts';
import { jsonExcess } from '../../model/values/json-excess.ts';
import { JsonText } from '../../model/values/json-text.ts';

const KIND = '__prefect_kind';

/**
 * Replaces templates in parameters with their values, as Prefect does before it creates a run:
 * `{"__prefect_kind": "json", "value": "3"}` becomes 3. All other text stays unchanged.
 * @throws DibsError parameter_template_invalid, not_supported
 */
export function hydrate(parameters: JsonText): JsonText {
  const { text } = parameters;
  if (!text.includes(KIND)) return parameters;
  const root = parseTree(text);
  if (!root) return parameters;
  const whole = hydrated(root, text) ?? '{}';
  // A text of kind "json" may be deep, and be put deep into the others.
  assertNoExcess(whole);
  return new JsonText(whole);
}

/** The text of a node with its templates replaced; undefined: the node is left out. */
function hydrated(node: Node, text: string): string | undefined {
  const { type, children = [] } = node;
  if (type === 'array') {
    return `[${children.flatMap((one) => hydrated(one, text) ?? []).join(',')}]`;
  }
  if (type !== 'object') return text.slice(node.offset, node.offset + node.length);
  const members = new Map(
    children.flatMap(({ children: [key, value] = [] }) =>
      key && value ? [[key.value as string, value] as const] : [],
    ),
  );
  const kind = members.get(KIND);
  if (kind) return ofKind(kind.value, members, text);
  const kept = [...members].flatMap(([key, value]) => {
    const inside = hydrated(value, text);
    return inside === undefined ? [] : [`${JSON.stringify(key)}:${inside}`];
  });
  return `{${kept.join(',')}}`;
}

function ofKind(kind: unknown, members: ReadonlyMap<string, Node>, text: string) {
  const value = members.get('value');
  switch (kind) {
    case 'json':
      return value && json(hydrated(value, text));
    case 'jinja':
    case 'workspace_variable':
      throw new DibsError('not_supported', `Parameters of kind "${kind}" are not supported yet.`, {
        hint: 'Send the value itself.',
      });
    case 'none':
      if (!value) throw invalid(`Missing 'value' key in __prefect object`);
      return hydrated(value, text);
    default:
      return (value && text.slice(value.offset, value.offset + value.length)) ?? 'null';
  }
}

function json(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    const inside: unknown = JSON.parse(value);
    if (typeof inside !== 'string') throw new Error('expected a text');
    assertNoExcess(inside);
    JSON.parse(inside);
    return inside.trim();
  } catch (error) {
    if (error instanceof DibsError) throw error;
    throw invalid(`Invalid JSON: ${(error as Error).message}`);
  }
}

/** What is parsed only now is bounded like a body: no client could read a run that is nested deeper. */
function assertNoExcess(text: string): void {
  const excess = jsonExcess(text);
  if (excess) throw invalid(excess.message);
}

const invalid = (why: string) =>
  new DibsError('parameter_template_invalid', `Error hydrating flow run parameters: ${why}`, {
    hint: 'Send the value itself, or a string of valid JSON as the value of kind "json".',
  });
