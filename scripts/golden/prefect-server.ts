import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../local/free-port.ts';

/**
 * Turns off services that would change responses while they are recorded (late runs, leases,
 * statuses).
 */
const DISTURBING = [
  'CANCELLATION_CLEANUP',
  'CLEANUP_RECONCILER',
  'DB_VACUUM',
  'EVENT_PERSISTER',
  'FOREMAN',
  'LATE_RUNS',
  'PAUSE_EXPIRATIONS',
  'REPOSSESSOR',
  'SCHEDULER',
  'TASK_RUN_RECORDER',
  'TRIGGERS',
];
const READY_WITHIN_MS = 120_000;

/**
 * Starts a new Prefect server on a free port with an empty database. `python` has prefect
 * installed.
 */
export async function startPrefectServer(
  python: string,
  settings: Readonly<Record<string, string>> = {},
) {
  const home = mkdtempSync(join(tmpdir(), 'golden-prefect-'));
  const port = await freePort();
  const off = DISTURBING.map((name) => [`PREFECT_SERVER_SERVICES_${name}_ENABLED`, 'false']);
  const child = spawn(
    python,
    ['-m', 'prefect', 'server', 'start', '--host', '127.0.0.1', '--port', `${port}`, '--no-ui'],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...Object.fromEntries(off),
        PREFECT_HOME: home,
        PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
        DO_NOT_TRACK: '1',
        ...settings,
      },
    },
  );
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGINT');
    await exited;
    rmSync(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/api`;
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${python} -m prefect server start did not get ready.`);
    }
    await delay(500);
  }
  return { url, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`)).ok;
  } catch {
    return false;
  }
}
