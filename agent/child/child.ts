/**
 * A program, not a module: child-process.ts starts one per execution of a run, as the leader of its
 * own process group. When the agent is gone, however it died, the whole group is killed.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));

// A third of a child's start time goes to compiling the same code as the child before, so compiled
// code is cached. Without a writable directory, the code is compiled again. The cache is never
// under /tmp, where other users could plant code for us.
const { XDG_CACHE_HOME, HOME } = process.env;
const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
if (cache) enableCompileCache(join(cache, 'dibs'));

await import('./child-main.ts');
