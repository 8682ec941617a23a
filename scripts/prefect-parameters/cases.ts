import type { Random } from '../random.ts';
import { patternOf, textFor } from './pattern-cases.ts';
import { schemaOf, valueFor } from './schema-cases.ts';
import { templateOf, VARIABLES } from './template-cases.ts';

/** One question to both sides. */
export type Case =
  | { readonly kind: 'run' | 'change' | 'first'; readonly schema: object; readonly value: object }
  | {
      readonly kind: 'variables';
      readonly schema: object;
      readonly value: object;
      readonly partial: boolean;
    }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly texts: readonly string[] }
  | { readonly kind: 'hydrate'; readonly value: object; readonly variables: object };

export function caseOf(random: Random): Case {
  const dice = random.next();
  if (dice < 0.2) {
    const pattern = patternOf(random);
    return {
      kind: 'pattern',
      pattern,
      texts: ['', ...random.several(6, () => textFor(random, pattern))],
    };
  }
  if (dice < 0.3) return { kind: 'hydrate', value: templateOf(random), variables: VARIABLES };
  const schema = schemaOf(random);
  const value = valueFor(random, schema);
  if (dice < 0.5) return { kind: 'variables', schema, value, partial: random.chance(0.5) };
  return { kind: random.pick(['run', 'run', 'change', 'first'] as const), schema, value };
}
