/**
 * `npm run demo`: four agents poll one queue with 200 runs, one agent is killed midway, and the
 * demo proves that each run was finished once. The proof is what the runs' own processes recorded,
 * with which the server's data must agree.
 */
import { onStopSignal } from '../../cli/terminal/signals.ts';
import { UserError } from '../../local/user-error.ts';
import { demo, type Started } from './demo.ts';
import { demoOptions, USAGE } from './options.ts';

const EXIT_DIFFERS = 1;
const EXIT_INTERRUPTED = 130;

const started: Started = [];

async function main(): Promise<number> {
  const interruption = new AbortController();
  const interrupted = untilSignal().then(() => {
    interruption.abort(new Error('interrupted'));
    return EXIT_INTERRUPTED;
  });
  try {
    const options = demoOptions(process.argv.slice(2), process.env);
    if (options === 'help') {
      console.log(USAGE);
      return 0;
    }
    const judged = demo(options, started, interruption.signal).then((ok) =>
      ok ? 0 : EXIT_DIFFERS,
    );
    const code = await Promise.race([judged, interrupted]);
    if (code === EXIT_INTERRUPTED)
      console.error('\ninterrupted: everything that was started has been ended');
    return code;
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error);
    return EXIT_DIFFERS;
  } finally {
    await endAll();
  }
}

async function endAll(): Promise<void> {
  for (const end of started.reverse()) {
    try {
      await end();
    } catch (error) {
      console.error(error);
    }
  }
}

/** Resolves at the first SIGINT or SIGTERM. A second signal ends this process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    onStopSignal((count) => (count > 1 ? process.exit(EXIT_INTERRUPTED) : resolve()));
  });
}

process.exit(await main());
