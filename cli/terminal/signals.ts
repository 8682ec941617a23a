/**
 * At Ctrl-C the terminal sends us SIGINT, and npm forwards its own. Within this time both count as
 * one.
 */
const SAME_SIGNAL_MS = 250;

/** Calls `onSignal` at each SIGINT or SIGTERM, with the number of signals so far: 1, 2... */
export function onStopSignal(onSignal: (count: number) => void): void {
  let count = 0;
  let interruptedAt = Number.NEGATIVE_INFINITY;
  const stop = () => {
    count += 1;
    onSignal(count);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {
    const sinceLast = performance.now() - interruptedAt;
    interruptedAt = performance.now();
    if (sinceLast > SAME_SIGNAL_MS) stop();
  });
}
