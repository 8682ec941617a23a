import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What is deployed is what is here. */
export default function setup(): void {
  const root = join(import.meta.dirname, '../..');
  execFileSync(process.execPath, ['scripts/bundle.ts'], { cwd: root, stdio: 'inherit' });
}
