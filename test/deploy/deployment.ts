import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnGuarded } from '../../process/guarded-spawn.ts';
import { type Emulator, REGION } from './emulator.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CDK = join(ROOT, 'node_modules/.bin/cdk');
const ACCOUNT = '000000000000';

export interface Outputs {
  readonly url: string;
  readonly table: string;
  readonly firstKey: string;
}

/** The real CDK CLI on the emulator. */
export function cdkOf(emulator: Emulator, app: string, context: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'dibs-cdk-'));
  const out = join(folder, 'cdk.out');
  const outputs = join(folder, 'outputs.json');
  const run = async (...args: string[]): Promise<string> => {
    const lines: string[] = [];
    const program = await spawnGuarded({
      command: CDK,
      args: [...args, '--app', app, '--output', out, ...context.flatMap((one) => ['-c', one])],
      cwd: ROOT,
      env: { ...process.env, ...emulator.env, HOME: folder, CDK_DISABLE_CLI_TELEMETRY: '1' },
      graceMs: 5_000,
      onStdout: (line) => lines.push(line),
      onStderr: (line) => lines.push(line),
    });
    const { code, signal } = await program.exited;
    const said = lines.join('\n');
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${signal ?? code}:\n${said}`);
    return said;
  };
  return {
    bootstrap: () => run('bootstrap', `aws://${ACCOUNT}/${REGION}`),
    deploy: () => run('deploy', '--require-approval', 'never', '--outputs-file', outputs),
    destroy: () => run('destroy', '--force'),
    outputs: () => readOutputs(emulator, outputs),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function readOutputs(emulator: Emulator, file: string): Outputs {
  const [stack] = Object.values(
    JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>,
  );
  const named = (part: string) =>
    Object.entries(stack ?? {}).find(([name]) => name.includes(part))?.[1] ?? '';
  const [, apiId] = /^https?:\/\/([^.]+)\./.exec(named('ApiUrl')) ?? [];
  return {
    url: `${emulator.url}/_aws/execute-api/${apiId}/$default/api`,
    table: named('TableName'),
    firstKey: named('FirstKey'),
  };
}
