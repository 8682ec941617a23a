import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../../local/free-port.ts';
import { spawnGuarded } from '../../process/guarded-spawn.ts';
import { pythonWith } from '../../scripts/python-venv.ts';

export interface Emulator {
  readonly port: number;
  readonly url: string;
  /** For whoever calls it: the CDK, the AWS SDK, dibs. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  said(): string;
  stop(): Promise<void>;
}

export const REGION = 'eu-central-1';
const STARTS_WITHIN_MS = 20_000;

/**
 * An emulator of AWS on 127.0.0.1, in a process of its own that ends with this one. Functions run on the
 * Node that this test runs on. `enforcesIam`: what a role does not allow is refused.
 */
export async function startEmulator({ enforcesIam }: { enforcesIam: boolean }): Promise<Emulator> {
  const python = await pythonWith('ministack');
  const port = await freePort();
  // It leaves files where temporary ones go.
  const folder = mkdtempSync(join(tmpdir(), 'dibs-emulator-'));
  const lines: string[] = [];
  const { PATH = '', HOME = '' } = process.env;
  const program = await spawnGuarded({
    command: join(dirname(python), 'ministack'),
    args: [],
    cwd: folder,
    env: {
      HOME,
      PATH: `${dirname(process.execPath)}:${PATH}`,
      TMPDIR: folder,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      IOT_MTLS_ENABLED: '0',
      MINISTACK_REGION: REGION,
      ...(enforcesIam ? { AUTH: 'true' } : {}),
    },
    graceMs: 5_000,
    onStdout: (line) => lines.push(line),
    onStderr: (line) => lines.push(line),
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await program.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const said = () => lines.join('\n');
  try {
    await untilItAnswers(`${url}/_ministack/health`);
  } catch (error) {
    await stop();
    throw new Error(`the emulator does not start:\n${said()}`, { cause: error });
  }
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const env = { AWS_ENDPOINT_URL: url, AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION, ...keys };
  return { port, url, env, folder, said, stop };
}

async function untilItAnswers(url: string): Promise<void> {
  const until = Date.now() + STARTS_WITHIN_MS;
  for (;;) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    if (Date.now() > until) throw new Error(`no answer within ${STARTS_WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
