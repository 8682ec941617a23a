import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runNode } from '../support/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let admin: string;
beforeAll(async () => {
  stack = await startTestStack({ asksForKeys: true });
  const first = await dibs(
    ['key', 'create', 'ops', '--role', 'admin', '--table', stack.tableName, '--region', 'local'],
    {
      AWS_ENDPOINT_URL: stack.endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  );
  expect(first.code, first.err).toBe(0);
  admin = first.out.trim();
});
afterAll(() => stack.stop());

async function dibs(args: readonly string[], env: Record<string, string> = {}) {
  const { ended, stdout, stderr } = runNode(['cli/main.ts', ...args], {
    DIBS_API_URL: stack.url,
    NO_COLOR: '1',
    ...env,
  });
  const [code, out, err] = await Promise.all([ended, stdout.rest(), stderr.rest()]);
  return { code, out, err };
}

test('the first key goes straight into the table; then a key makes keys, prints each once, and ends it', async () => {
  expect(admin).toMatch(/^dibs_[0-9a-f]{32}_[\w-]{22}$/);
  const me = { DIBS_API_KEY: admin };
  const made = await dibs(
    ['key', 'create', 'etl', '-r', 'agent', '-p', 'etl', '--expires', '90d'],
    me,
  );
  expect([made.code, made.out.trim()]).toEqual([0, expect.stringMatching(/^dibs_\S+$/)]);
  expect(made.err).toContain('Note: there is no work pool etl yet.');
  const listed = await dibs(['key', 'ls'], { PREFECT_API_KEY: admin });
  expect(listed.out).toMatch(/ops +admin +all +VALID +never +\d{4}-/);
  expect(listed.out).toMatch(/etl +agent +etl +VALID +\d{4}-\S+ +never/);
  expect(listed.out).not.toContain(made.out.trim().slice(-22));
  const [, id = ''] = /Created key (\S+)/.exec(made.err) ?? [];
  expect((await dibs(['key', 'revoke', id], me)).out).toMatch(`Revoked key ${id}. On AWS`);
  expect((await dibs(['key', 'ls'], me)).out).toMatch(/etl +REVOKED/);
});

test('a restored table that no API uses yet: its keys are revoked and its pools paused in it', async () => {
  const restored = await startTestStack();
  await restored.client.createWorkPool({ body: { name: 'etl' } });
  const there = ['--table', restored.tableName, '--region', 'local'];
  const aws = {
    AWS_ENDPOINT_URL: restored.endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  expect((await dibs(['pool', 'pause', '--all', ...there], aws)).out).toBe('Paused 1 pool: etl.');
  expect((await restored.client.readWorkPool({ name: 'etl' })).is_paused).toBe(true);
  const made = ['a', 'b'].map(() => ['key', 'create', 'x', '--role', 'admin', ...there]);
  const errs = [];
  for (const args of made) errs.push((await dibs(args, aws)).err);
  const [one = '', two = ''] = errs.map((err) => /Created key (\S+)/.exec(err)?.[1] ?? '');
  const revoke = (id: string) => dibs(['key', 'revoke', id, ...there], aws);
  expect((await revoke(one)).out).toMatch(`Revoked key ${one}.`);
  expect((await revoke(two)).err).toContain('last valid admin key. Create another');
  expect((await revoke(randomUUID())).err).toContain('API key not found.');
  await restored.stop();
});

test.each([
  [{}, 'This server asks for an API key: set DIBS_API_KEY'],
  [{ PREFECT_API_KEY: 'dibs_nonsense' }, 'unknown, revoked or expired'],
])('what is refused says what to set', async (env, says) => {
  const { code, out, err } = await dibs(['pool', 'ls'], env);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(says);
});

test.each([
  [['key', 'create', 'x'], "required option '-r, --role <role>'"],
  [['key', 'create', 'x', '--role', 'boss'], 'Allowed choices are admin, deploy, agent, view'],
  [['key', 'create', 'x', '--role', 'view', '--pool', 'p'], 'keys of role agent only'],
  [['key', 'create', 'x', '--role', 'view', '--expires', 'soon'], 'Expected a duration'],
  [['key', 'create', 'x', '--role', 'view', '--region', 'r'], '--region needs --table'],
  [['key', 'create', 'x', '--role', 'admin', '--table', ''], 'Expected a name'],
  [['key', 'create', 'x', '--role', 'admin', '--expires', '99999d'], 'Expected 3660d at most'],
  [['key', 'create', 'a/b', '--role', 'admin', '--table', 't'], 'name: A name must not contain'],
  [['key', 'create', 'a\u001b[2J', '--role', 'admin', '--table', 't'], 'no control characters'],
  [['key', 'revoke', 'seven'], 'Expected the id of a key: dibs key ls'],
  [['pool', 'pause', 'etl', '--table', 't'], '--table needs --all'],
])('bad usage: %j', async (args, says) => {
  const { code, out, err } = await dibs(args);
  expect([code === 0, out]).toEqual([false, '']);
  expect(err).toContain(says);
});

test('a table that is not there is told in a sentence', async () => {
  const { code, err } = await dibs(
    ['key', 'create', 'x', '--role', 'admin', '--table', 'no-such', '--region', 'local'],
    {
      AWS_ENDPOINT_URL: stack.endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  );
  expect(code).toBe(1);
  expect(err).toMatch(/^the table no-such cannot be used: .+$/);
});
