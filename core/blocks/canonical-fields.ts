import { type Node, parseTree } from 'jsonc-parser';
import type { JsonText } from '../../model/values/json-text.ts';

/**
 * The text that Prefect's clients and servers hash for the checksum of a block schema: the result
 * of Python's json.dumps of ((fields,), {}) with sorted keys, without secret_fields and without the
 * definitions of other blocks. Numbers stay as they were sent.
 */
export function canonicalFields({ text }: JsonText): string {
  const root = withoutSecrets(membersOf(parseTree(text)));
  const definitions = membersOf(root.get('definitions'));
  if (definitions.size > 0) {
    const own = ownDefinitions(root, definitions);
    root.delete('definitions');
    if (own.size > 0) root.set('definitions', own);
  }
  return `[[${dump(root, text)}], {}]`;
}

type Members = Map<string, Value>;
type Value = Node | Members;

const membersOf = (value: Value | undefined): Members => {
  if (value instanceof Map) return value;
  const entries = value?.type === 'object' ? (value.children ?? []) : [];
  return new Map(
    entries.flatMap(({ children: [key, member] = [] }): [string, Value][] =>
      key && member ? [[key.value as string, member]] : [],
    ),
  );
};

const isObject = (value: Value): boolean => value instanceof Map || value.type === 'object';

/** Removes secret_fields at every level, but not within lists, as Prefect does. */
function withoutSecrets(members: Members): Members {
  const kept = [...members].filter(([key]) => key !== 'secret_fields');
  return new Map(
    kept.map(([key, value]) => [key, isObject(value) ? withoutSecrets(membersOf(value)) : value]),
  );
}

/** The definitions that are used and that are not blocks themselves. */
function ownDefinitions(of: Value, definitions: Members, own: Members = new Map()): Members {
  for (const reference of references(of)) {
    const key = reference.replace('#/definitions/', '');
    const definition = definitions.get(key);
    const members = membersOf(definition);
    // An empty definition counts as missing, as in Prefect, because it is false in Python.
    if (!definition || own.has(key) || members.size === 0) continue;
    if (members.has('block_type_slug')) continue;
    own.set(key, definition);
    ownDefinitions(definition, definitions, own);
  }
  return own;
}

function references(value: Value): string[] {
  if (isObject(value)) {
    return [...membersOf(value)].flatMap(([key, member]) => {
      const isText = !(member instanceof Map) && member.type === 'string';
      return key === '$ref' && isText ? [(member as Node).value as string] : references(member);
    });
  }
  const { type, children = [] } = value as Node;
  return type === 'array' ? children.flatMap(references) : [];
}

function dump(value: Value, text: string): string {
  if (isObject(value)) {
    const members = [...membersOf(value)].sort(([a], [b]) => byCodePoint(a, b));
    return `{${members.map(([key, member]) => `${ascii(key)}: ${dump(member, text)}`).join(', ')}}`;
  }
  const { type, children = [], value: plain, offset, length } = value as Node;
  if (type === 'array') return `[${children.map((one) => dump(one, text)).join(', ')}]`;
  return type === 'string' ? ascii(plain as string) : text.slice(offset, offset + length);
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A JSON string as Python writes it: every non-ASCII character is escaped. */
const ascii = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
