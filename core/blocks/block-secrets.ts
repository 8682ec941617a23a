import { type Node, parseTree } from 'jsonc-parser';
import { JsonText } from '../../model/values/json-text.ts';

/** What Prefect shows in place of a secret, whatever its length. */
const OBFUSCATED = '"********"';

/** The data of a block with its secrets hidden. Everything else is as it was sent. */
export const obfuscated = (data: JsonText, fields: JsonText): JsonText =>
  replaceSecrets(data, fields, () => OBFUSCATED);

/**
 * The data that a caller sent, with hidden secrets replaced by the current ones: a caller that
 * sends back what it was shown does not want to change the secrets. Everything else is taken as
 * sent.
 */
export function withSecretsOf(current: JsonText, sent: JsonText, fields: JsonText): JsonText {
  const before = new Map<string, string>();
  replaceSecrets(current, fields, (path, text) => {
    before.set(path, text);
    return text;
  });
  return replaceSecrets(sent, fields, (path, text) =>
    text === OBFUSCATED ? (before.get(path) ?? text) : text,
  );
}

/**
 * The schema names its secrets by path: `password`, `auth.token`; `headers.*` stands for all
 * members.
 */
function replaceSecrets(
  { text }: JsonText,
  fields: JsonText,
  replace: (path: string, text: string) => string,
): JsonText {
  const root = parseTree(text);
  if (!root) return new JsonText(text);
  const secrets = secretFields(fields).flatMap((field) => {
    const path = field.split('.');
    const star = path.indexOf('*');
    return leavesAt(root, star < 0 ? path : path.slice(0, star), []);
  });
  const once = new Map(secrets.map((secret) => [secret.node.offset, secret]));
  let replaced = text;
  for (const { node, path } of [...once.values()].sort((a, b) => b.node.offset - a.node.offset)) {
    const end = node.offset + node.length;
    const shown = replace(JSON.stringify(path), text.slice(node.offset, end));
    replaced = replaced.slice(0, node.offset) + shown + replaced.slice(end);
  }
  return new JsonText(replaced);
}

function secretFields(fields: JsonText): string[] {
  const { secret_fields: secrets } = fields.parse() as { secret_fields?: unknown };
  return Array.isArray(secrets) ? secrets.filter((one) => typeof one === 'string') : [];
}

interface Leaf {
  readonly node: Node;
  readonly path: readonly string[];
}

/**
 * All values at and below a path that are not objects. Lists are shown or hidden as a whole; null
 * is no secret.
 */
function leavesAt(node: Node, path: readonly string[], at: readonly string[]): Leaf[] {
  // If the path leads into a list, the whole list is hidden.
  if (node.type === 'array') return [{ node, path: at }];
  if (node.type !== 'object') {
    return path.length > 0 || node.type === 'null' ? [] : [{ node, path: at }];
  }
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) => {
    const name = key?.value as string;
    // A name may contain dots, and then takes several steps of the path.
    const steps = name.split('.').length;
    const isNamed = path.length === 0 || path.slice(0, steps).join('.') === name;
    return value && isNamed ? leavesAt(value, path.slice(steps), [...at, name]) : [];
  });
}
