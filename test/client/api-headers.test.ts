import { expect, test } from 'vitest';
import { apiHeaders } from '../../client/index.ts';

test.each([
  [{ DIBS_API_KEY: 'dibs_a\n', PREFECT_API_KEY: 'b' }, { authorization: 'Bearer dibs_a' }],
  [{ DIBS_API_KEY: ' \n', PREFECT_API_KEY: '\tb\r\n' }, { authorization: 'Bearer b' }],
  [{ DIBS_API_KEY: '', PREFECT_API_AUTH_STRING: 'a:b' }, { authorization: 'Basic YTpi' }],
  [{}, {}],
])(
  'a key comes without what surrounds it, by the first variable that has one: %j',
  (env, headers) => {
    expect(apiHeaders(env)).toEqual(headers);
  },
);

test.each([
  [{ DIBS_API_KEY: 'dibs_secret\nof two lines' }, 'DIBS_API_KEY', 'a line break after 11 char'],
  [{ PREFECT_API_KEY: 'secret…' }, 'PREFECT_API_KEY', 'a character that is not ASCII after 6 char'],
  [{ PREFECT_API_KEY: 'secret\u0000x' }, 'PREFECT_API_KEY', 'a control character after 6'],
])(
  'what no header may have is told by its variable, without the key: %j',
  (env, variable, what) => {
    let message = '';
    try {
      apiHeaders(env);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(new RegExp(`^${variable} is no API key: .*${what}`));
    expect(message).not.toContain('secret');
  },
);
