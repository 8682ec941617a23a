import { currentState, type Payload, type Run } from '../model/runs/run.ts';
import { DibsError } from '../model/values/errors.ts';
import { JsonText } from '../model/values/json-text.ts';
import { NUMBERS } from '../model/values/numbers.ts';

/** What a run is told with besides its payloads: ids, times, names, labels. */
const RUN_BYTES = 4096;

/**
 * The first of these runs whose payloads fit a reply together, at least one; decided by the sizes
 * that stand in their items, before any payload is read. `more`: bytes that are told with a run.
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
  const payloads = [run.parameters, run.jobVariables, run.context, message, data];
  return payloads.reduce((sum, payload) => sum + (payload ? payloadBytes(payload) : 0), 0);
}

const payloadBytes = (payload: Payload): number =>
  'text' in payload ? payload.text.length : payload.bytes;

/** The JSON of a record, about. */
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
    `The ${what} may have ${atMost} bytes of JSON; these are ${bytes}.`,
    {
      hint: 'Put the data where the flow can fetch it, and pass where that is.',
    },
  );
}
