import type { Client } from '../../client/index.ts';
import { countOf, printJson, printLine, printTable, shortTime } from './print.ts';

type Slots = Awaited<ReturnType<Client['readWorkPoolSlots']>>;

/** Prints the slots of a concurrency limit and who holds each. `what` names what has the limit. */
export function printSlots(what: string, slots: Slots, json: true | undefined): void {
  if (json) {
    printJson(slots);
    return;
  }
  const { concurrency_limit: limit, active_slots: active } = slots;
  if (limit === null) printLine(`${what} has no concurrency limit.`);
  else printLine(`${what}: ${active} of ${countOf(limit, 'slot')} held.`);
  if (slots.settling) {
    printLine(
      'The limit was just set: no run is claimed until the runs that are held have their slots.',
    );
  }
  if (slots.slots.length === 0) return;
  printTable(
    ['SLOT', 'RUN', 'ATTEMPT', 'SESSION', 'TAKEN'],
    slots.slots.map(({ slot, flow_run_id, attempt, session_id, taken }) => [
      String(slot),
      flow_run_id,
      String(attempt),
      session_id,
      shortTime(taken),
    ]),
  );
}
