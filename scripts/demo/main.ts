/**
 * `npm run demo`: 200 runs, four agents that poll one queue, and the proof that no run was executed
 * twice. The proof is what the runs' own processes leave behind, not the server's word.
 */
import { UserError } from '../../local/user-error.ts';
import { demo, type Started } from './demo.ts';
import { demoOptions } from './options.ts';

const EXIT_DIFFERS = 1;
const EXIT_INTERRUPTED = 130;
/** npm hands its own Ctrl-C on to us, who got it from the terminal: that is one, not two. */
const SAME_SIGNAL_MS = 250;

const started: Started = [];

async function main(): Promise<number> {
  const interruption = new AbortController();
  const interrupted = untilSignal().then(() => {
    interruption.abort(new Error('interrupted'));
    return EXIT_INTERRUPTED;
  });
  try {
    const options = demoOptions(process.argv.slice(2), process.env);
    const judged = demo(options, started, interruption.signal).then((ok) =>
      ok ? 0 : EXIT_DIFFERS,
    );
    const code = await Promise.race([judged, interrupted]);
    if (code === EXIT_INTERRUPTED) console.error('\ninterrupted: all that was started is ended');
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

/** Settles at the first SIGINT or SIGTERM. A second one ends this process at once. */
function untilSignal(): Promise<void> {
  let first: number | undefined;
  return new Promise((resolve) => {
    const onSignal = () => {
      first ??= performance.now();
      if (performance.now() - first > SAME_SIGNAL_MS) process.exit(EXIT_INTERRUPTED);
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

process.exit(await main());
