/**
 * A program, not a module: child-process.ts starts one per execution of a run, as the leader of a
 * process group of its own. When the agent is gone, however it died, the whole group is ended.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));

// A third of a child's start is compiling what the last one compiled. Where nothing can be written
// it is compiled again; never under /tmp, where others could lay out code for us.
const { XDG_CACHE_HOME, HOME } = process.env;
const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
if (cache) enableCompileCache(join(cache, 'dibs'));

await import('./child-main.ts');
