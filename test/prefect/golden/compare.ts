import { isAllowedExtra } from './extras.ts';
import type { Answer } from './play.ts';

/** One place where the response of dibs differs from Prefect's. */
export interface Finding {
  /** `scenario / case` */
  readonly where: string;
  /**
   * The place: `status`, such as `body.0.name`, or `asked` if the request could not be sent at all.
   */
  readonly at: string;
  readonly prefect: unknown;
  readonly dibs: unknown;
}

/** If Prefect's server failed with this status, any response but a failure is accepted. */
const FAULT = 500;

export function compare(scenario: string, prefect: Answer, dibs: Answer): Finding[] {
  const where = `${scenario} / ${prefect.case}`;
  if (dibs.status === 0) return [{ where, at: 'asked', prefect: 'yes', dibs: dibs.body }];
  if (prefect.status === FAULT && dibs.status < FAULT) return [];
  if (prefect.status !== dibs.status) {
    const facts = { prefect: prefect.status, dibs: `${dibs.status} ${JSON.stringify(dibs.body)}` };
    return [{ where, at: 'status', ...facts }];
  }
  return differences(prefect.body, dibs.body, 'body').map((one) => ({ where, ...one }));
}

type Difference = Omit<Finding, 'where'>;

function differences(prefect: unknown, dibs: unknown, at: string): Difference[] {
  if (Array.isArray(prefect) && Array.isArray(dibs)) {
    const length = Math.max(prefect.length, dibs.length);
    if (prefect.length !== dibs.length) {
      return [{ at: `${at}.length`, prefect: prefect.length, dibs: dibs.length }];
    }
    return Array.from({ length }, (_, i) => i).flatMap((i) =>
      differences(prefect[i], dibs[i], `${at}.${i}`),
    );
  }
  if (isObject(prefect) && isObject(dibs)) {
    if (meets(prefect, dibs)) return [];
    const keys = [...new Set([...Object.keys(prefect), ...Object.keys(dibs)])];
    return keys.flatMap((key) => member(prefect, dibs, key, `${at}.${key}`));
  }
  return Object.is(prefect, dibs) ? [] : [{ at, prefect, dibs }];
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function member(prefect: Json, dibs: Json, key: string, at: string): Difference[] {
  if (!(key in dibs)) return [{ at, prefect: prefect[key], dibs: 'no such key' }];
  if (key in prefect) return differences(prefect[key], dibs[key], at);
  return isAllowedExtra(key, dibs) ? [] : [{ at, prefect: 'no such key', dibs: dibs[key] }];
}

/** Clients print the text under `detail`. If Prefect has no such text, either key is accepted. */
const meets = (prefect: Json, dibs: Json): boolean =>
  prefect['error'] === 'exception_message' && dibs['error'] === 'detail';
