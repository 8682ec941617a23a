import { hydrateWith } from '../../core/parameters/hydrate.ts';
import { assertJobVariables } from '../../core/parameters/job-variables.ts';
import {
  assertChangedDefaults,
  assertFirstDefaults,
  assertParameters,
  assertPatterns,
} from '../../core/parameters/parameters.ts';
import { refusal } from '../../core/parameters/schema/check.ts';
import { DibsError } from '../../model/values/errors.ts';
import { JsonText } from '../../model/values/json-text.ts';
import type { Case } from './cases.ts';

export interface Answer {
  readonly verdict: 'taken' | 'refused' | 'crashed';
  readonly value?: unknown;
  readonly why?: string;
}

/** What dibs says of a case, without the words that say what was tried. */
export async function dibsSays(one: Case): Promise<Answer> {
  try {
    return { verdict: 'taken', value: await resultOf(one) };
  } catch (error) {
    const why = (error as Error).message.replace(
      /^(Error [a-z ]+: |Validation failed for work pool's job variable defaults: )/,
      '',
    );
    return error instanceof DibsError || error instanceof PatternRefused
      ? { verdict: 'refused', why }
      : { verdict: 'crashed', why: String((error as Error).stack) };
  }
}

class PatternRefused extends Error {}

async function resultOf(one: Case): Promise<unknown> {
  switch (one.kind) {
    case 'pattern':
      return one.texts.map((text) => finds(one.pattern, text));
    case 'hydrate': {
      const variables = new Map(Object.entries(one.variables));
      const read = async (name: string) =>
        variables.has(name) ? JsonText.of(variables.get(name)) : undefined;
      return (await hydrateWith(JsonText.of(one.value), 'parameters', read)).parse();
    }
    case 'variables': {
      const template = JsonText.of({ variables: one.schema });
      const how = { partial: one.partial, doing: 'trying' };
      return assertJobVariables(template, JsonText.of(one.value), how) ?? null;
    }
    default:
      return CHECKS[one.kind](JsonText.of(one.schema), JsonText.of(one.value)) ?? null;
  }
}

const CHECKS = {
  run: assertParameters,
  change: assertChangedDefaults,
  first: (schema: JsonText, value: JsonText) => {
    assertFirstDefaults(schema, value);
    assertPatterns(schema);
  },
} as const;

function finds(pattern: string, text: string): boolean {
  const wrong = refusal({ pattern }, text);
  if (wrong?.of === 'schema') throw new PatternRefused(wrong.why);
  return wrong === undefined;
}
