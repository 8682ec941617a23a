import { currentState, type Payload, type Run } from '../model/runs/run.ts';
import { DibsError } from '../model/values/errors.ts';
import { JsonText } from '../model/values/json-text.ts';
import { NUMBERS } from '../model/values/numbers.ts';

/** An estimate for the other fields of a run in a response: ids, times, names, labels. */
const RUN_BYTES = 4096;

/**
 * Returns as many of the first runs as fit into one response together, at least one. This is
 * decided by the sizes that are recorded in their items, before any payload is read.
 * @param more further bytes that the response has for a run
 */
export function withinReply(runs: readonly Run[], more: (run: Run) => number = () => 0): Run[] {
  let bytes = 0;
  const end = runs.findIndex((run) => {
    bytes += RUN_BYTES + runBytes(run) + more(run);
    return bytes > NUMBERS.replyBytes;
  });
  return runs.slice(0, end < 0 ? runs.length : Math.max(1, end));
}

function runBytes(run: Run): number {
  const { message, data } = currentState(run);
  const payloads = [run.parameters, run.jobVariables, run.context, data];
  const told = message ? Math.min(payloadBytes(message), 3 * NUMBERS.messageShown) : 0;
  return payloads.reduce((sum, payload) => sum + (payload ? payloadBytes(payload) : 0), told);
}

const payloadBytes = (payload: Payload): number =>
  'text' in payload ? payload.text.length : payload.bytes;

/** The approximate size of a record's JSON. */
export const bytesOf = (record: object): number =>
  Object.values(record).reduce((sum: number, value: unknown) => {
    if (value instanceof JsonText) return sum + value.bytes;
    return sum + (typeof value === 'string' ? value.length : 0);
  }, 0);

/** @throws DibsError payload_too_large */
export function assertPayloadSize(
  what: string,
  { bytes }: JsonText,
  atMost: number = NUMBERS.parametersBytes,
): void {
  if (bytes <= atMost) return;
  throw new DibsError(
    'payload_too_large',
    `The ${what} may have at most ${atMost} bytes of JSON, not ${bytes}.`,
    {
      hint: 'Store the data where the flow can fetch it, and pass its location.',
    },
  );
}
