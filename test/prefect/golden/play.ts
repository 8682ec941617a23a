import { setTimeout as delay } from 'node:timers/promises';
import type { Case, Scenario } from './case.ts';
import { parseJson, valueAt } from './json.ts';
import { Normaliser } from './normalise.ts';
import { Missing, Variables } from './variables.ts';

/**
 * The normalized response to a case. Status 0: not sent, because an earlier case did not return
 * what it needs.
 */
export interface Answer {
  readonly case: string;
  readonly status: number;
  readonly body: unknown;
}

/**
 * Called with each response to an `eventually` case until it returns true: this is the awaited
 * response.
 */
type IsThere = (answer: Answer) => Promise<boolean>;

const HEADERS = {
  'content-type': 'application/json',
  'user-agent': 'prefect/3.9.1 (API 0.8.4)',
  'x-prefect-api-version': '0.8.4',
};
/** The value of a header that is left out. */
const NONE = 'none';
const ASK_AGAIN_MS = 150;
/**
 * Retries after 503, as Prefect's client does, because its server on SQLite is sometimes locked.
 */
const TRIES = 20;

export async function play(url: string, scenario: Scenario, isThere: IsThere): Promise<Answer[]> {
  const variables = new Variables();
  const normaliser = new Normaliser(variables);
  const answers: Answer[] = [];
  for (const one of scenario.cases) {
    let answer = await ask(url, one, variables, normaliser);
    while (one.eventually && !(await isThere(answer))) {
      await delay(ASK_AGAIN_MS);
      answer = await ask(url, one, variables, normaliser);
    }
    answers.push(answer);
  }
  return answers;
}

async function ask(
  url: string,
  one: Case,
  variables: Variables,
  normaliser: Normaliser,
): Promise<Answer> {
  try {
    const { status, body } = await send(url, one, variables);
    const good = status < 400;
    for (const [name, at] of Object.entries(one.save ?? {})) {
      const value = valueAt(body, at);
      if (good && typeof value === 'string') variables.save(name, value);
    }
    return { case: one.name, status, body: good ? seen(one, body, normaliser) : error(one, body) };
  } catch (reason) {
    if (!(reason instanceof Missing)) throw reason;
    return { case: one.name, status: 0, body: `needs {${reason.variable}}` };
  }
}

async function send(url: string, one: Case, variables: Variables) {
  const { raw, body } = one;
  const json = body === undefined ? undefined : JSON.stringify(variables.fillIn(body));
  const text = raw === undefined ? json : variables.fillIn(raw);
  const request = () =>
    fetch(`${url}${variables.fillIn(one.path)}`, {
      method: one.method,
      headers: headersOf(one, variables),
      body: text === undefined ? null : Buffer.from(text),
      signal: AbortSignal.timeout(30_000),
    });
  let response = await request();
  for (let left = TRIES; response.status === 503 && left > 1; left -= 1) {
    await delay(ASK_AGAIN_MS);
    response = await request();
  }
  const answer = await response.text();
  return { status: response.status, body: answer === '' ? null : parsed(answer) };
}

function headersOf(one: Case, variables: Variables): Record<string, string> {
  const headers = { ...HEADERS, ...variables.fillIn(one.headers ?? {}) };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== NONE));
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function seen(one: Case, body: unknown, normaliser: Normaliser): unknown {
  if (one.prepare) return '';
  const all = normaliser.of(one.name, one.view ? one.view(body as never) : body);
  if (!one.unordered || !Array.isArray(all)) return all;
  const key = (item: unknown) => JSON.stringify(item);
  return all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * The parts of an error that count: its status, and the key of its text, because the CLI prints
 * `detail`. The text itself is compared only if Prefect's client looks for it (`says`), because our
 * texts may be better.
 */
function error({ says }: Case, body: unknown): unknown {
  const keys = ['detail', 'exception_message'].filter(
    (key) => typeof valueAt(body, key) === 'string',
  );
  const said = says === undefined ? {} : { [says]: JSON.stringify(body).includes(says) };
  return { error: keys[0] ?? 'no JSON object with a text', ...said };
}
