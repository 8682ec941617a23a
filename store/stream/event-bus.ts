import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

export interface BusEvent {
  readonly type: string;
  readonly time: Date;
  /** JSON. */
  readonly detail: string;
}

/**
 * Puts these events on the bus, in order. Returns how many of the first ones are known to be there,
 * and the error that stopped it.
 */
export type PutEvents = (
  events: readonly BusEvent[],
) => Promise<{ readonly put: number; readonly error?: unknown }>;

/** EventBridge's bounds of one request: this many events, and this many bytes. */
const AT_ONCE = 10;
const BYTES_AT_ONCE = 256 * 1024;
/** The time counts as 14 bytes, source and type as their text: in all well below this. */
const BYTES_BESIDE_DETAIL = 256;
const SOURCE = 'dibs';

export function eventBus(busName: string, client = new EventBridgeClient()): PutEvents {
  return async (events) => {
    let put = 0;
    try {
      for (const batch of batches(events)) {
        const { Entries: entries = [] } = await client.send(
          new PutEventsCommand({ Entries: batch.map((event) => toEntry(busName, event)) }),
        );
        const failed = entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
        if (failed >= 0) return { put: put + failed, error: new Error(entries[failed]?.ErrorCode) };
        put += batch.length;
      }
    } catch (error) {
      return { put, error };
    }
    return { put };
  };
}

function* batches(events: readonly BusEvent[]): Generator<BusEvent[]> {
  let batch: BusEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const more = Buffer.byteLength(event.detail) + BYTES_BESIDE_DETAIL;
    if (batch.length === AT_ONCE || (batch.length > 0 && bytes + more > BYTES_AT_ONCE)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

const toEntry = (busName: string, { type, time, detail }: BusEvent) => ({
  EventBusName: busName,
  Source: SOURCE,
  DetailType: type,
  Time: time,
  Detail: detail,
});
