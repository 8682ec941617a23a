import type { TestStack } from './stack.ts';

type Where = Pick<TestStack, 'url'>;

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says, looked into by the test.
  readonly body: any;
}

/** An answer to the letter: numbers that JSON.parse would round, and the headers. */
export interface WholeAnswer extends Answer {
  readonly text: string;
  readonly headers: Headers;
}

/** One request as any HTTP client sends it. A text is sent as it is. */
export async function exchange(
  { url }: Where,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<WholeAnswer> {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : parse(text),
  };
}

/** The same, of whose answer the status and the body alone count. */
export async function request(...sent: Parameters<typeof exchange>): Promise<Answer> {
  const { status, body } = await exchange(...sent);
  return { status, body };
}

/** Requests to a stack that has been started by the time of the first one. */
export const requestsTo = (stack: () => Where) => ({
  send: (method: string, path: string, body?: unknown) => request(stack(), method, path, body),
  get: (path: string) => request(stack(), 'GET', path),
  post: (path: string, body?: unknown) => request(stack(), 'POST', path, body),
  put: (path: string, body?: unknown) => request(stack(), 'PUT', path, body),
  patch: (path: string, body?: unknown) => request(stack(), 'PATCH', path, body),
  remove: (path: string) => request(stack(), 'DELETE', path),
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
