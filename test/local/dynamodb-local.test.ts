import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it, vi } from 'vitest';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { freePort } from '../../local/free-port.ts';
import { UserError } from '../../local/user-error.ts';
import { processMark } from '../../process/process-mark.ts';
import { localDynamoDbClient } from '../../store/dynamo/client.ts';
import { createTable } from '../../store/table/create-table.ts';
import { runScript, untilGone, url } from '../support/processes.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const TableName = 'kept';
const key = { pk: { S: 'a' }, sk: { S: '#' } };

afterEach(() => {
  vi.unstubAllEnvs();
});

async function write(endpoint: string): Promise<void> {
  const client = localDynamoDbClient(endpoint);
  await createTable(client, TableName);
  await client.send(new PutItemCommand({ TableName, Item: { ...key, word: { S: 'kept' } } }));
  client.destroy();
}

async function read(endpoint: string): Promise<string | undefined> {
  const client = localDynamoDbClient(endpoint);
  const { Item = {} } = await client.send(new GetItemCommand({ TableName, Key: key }));
  client.destroy();
  const { word } = Item;
  return word?.S;
}

it('keeps in its directory what was written, over a stop', async () => {
  const data = tempDirectory();
  const first = await startDynamoDbLocal({ data });
  await write(first.endpoint);
  await first.stop();
  expect(processMark(first.pid)).toBeUndefined();
  const second = await startDynamoDbLocal({ data });
  expect(await read(second.endpoint)).toBe('kept');
  await second.stop();
});

it('keeps it when its owner is killed, too, and no Java is left', async () => {
  const data = tempDirectory();
  const owner = runScript(`
    import { startDynamoDbLocal } from '${url('local/dynamodb-local.ts')}';
    const { endpoint, pid } = await startDynamoDbLocal({ data: ${JSON.stringify(data)} });
    console.log(endpoint);
    console.log(pid);
  `);
  const endpoint = await owner.stdout.next();
  const pid = Number(await owner.stdout.next());
  await write(endpoint);
  owner.child.kill('SIGKILL');
  await owner.ended;
  const next = await startDynamoDbLocal({ data });
  expect(processMark(pid)).toBeUndefined();
  expect(await read(next.endpoint)).toBe('kept');
  await next.stop();
});

it('takes another port where somebody was faster', async () => {
  const data = tempDirectory();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const ports = [(other.address() as AddressInfo).port];
  const pickPort = async () => ports.pop() ?? freePort();
  const started = await startDynamoDbLocal({ data, pickPort });
  expect(ports).toEqual([]);
  await write(started.endpoint);
  expect(await read(started.endpoint)).toBe('kept');
  await started.stop();
  other.close();
});

it('is one per directory', async () => {
  const data = tempDirectory();
  const first = await startDynamoDbLocal({ data });
  const second = startDynamoDbLocal({ data });
  await expect(second).rejects.toThrow(UserError);
  await expect(second).rejects.toThrow(`${data} is in use by another dibs dev`);
  await first.stop();
});

it('in memory ends with its owner', async () => {
  const owner = runScript(`
    import { startDynamoDbLocal } from '${url('local/dynamodb-local.ts')}';
    console.log((await startDynamoDbLocal({ data: 'memory' })).pid);
  `);
  const pid = Number(await owner.stdout.next());
  expect(processMark(pid)).toBeDefined();
  owner.child.kill('SIGKILL');
  await untilGone(pid);
});

it('that dies at its start says how, and frees its directory', async () => {
  const home = tempDirectory();
  mkdirSync(join(home, 'bin'));
  const script =
    'case "$1" in -version) echo \'version "17"\';; *) echo no memory >&2; exit 7;; esac';
  writeFileSync(join(home, 'bin', 'java'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(home, 'bin', 'java'), 0o755);
  vi.stubEnv('JAVA_HOME', home);
  const data = tempDirectory();
  await expect(startDynamoDbLocal({ data })).rejects.toThrow(
    'DynamoDB Local ended at its start (exit code 7): \nno memory',
  );
  vi.unstubAllEnvs();
  await (await startDynamoDbLocal({ data })).stop();
});

it('refuses a data directory that cannot be made, in one sentence', async () => {
  await expect(startDynamoDbLocal({ data: '/dev/null/dibs' })).rejects.toThrow(
    'cannot make the data directory /dev/null/dibs: ENOTDIR; choose another.',
  );
});
