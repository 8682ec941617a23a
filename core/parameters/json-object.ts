import { type Node, parseTree } from 'jsonc-parser';
import { JsonText } from '../../model/values/json-text.ts';

/** The members of a JSON object, each as its original text; of a duplicate key, the last value. */
export function membersOf({ text }: JsonText): Map<string, string> {
  const properties = parseTree(text)?.children ?? [];
  return new Map(
    properties.flatMap(({ children }) => {
      const [key, value] = children ?? [];
      return key && value ? [[key.value as string, cut(text, value)] as const] : [];
    }),
  );
}

const cut = (text: string, { offset, length }: Node) => text.slice(offset, offset + length);

export const fromMembers = (members: ReadonlyMap<string, string>): JsonText =>
  new JsonText(
    `{${[...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`,
  );
