import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { AGENTS, type FalseRecoveries, PROBABILITY } from './false-recoveries.ts';
import type { RecoveryBenchOptions } from './options.ts';
import type { Hourly } from './request-units.ts';
import { OTHERS, RUNS, type TakeoverTime } from './takeover-time.ts';

const LEASE = NUMBERS.lease / SECOND;

export function takeoverLines(times: readonly TakeoverTime[]): string[] {
  const lasts = times.map(({ lastAfter }) => lastAfter).sort((a, b) => a - b);
  const median = lasts[Math.floor(lasts.length / 2)] ?? Number.NaN;
  return [
    `${RUNS} runs of one agent that falls silent, taken over by ${OTHERS} idle ones; in leases of ` +
      `${LEASE} s since its last heartbeat:`,
    ...times.map(
      ({ firstAfter, lastAfter, wrong }, i) =>
        `  ${i + 1}: first claimed again after ${leases(firstAfter)}, last after ` +
        `${leases(lastAfter)}${wrong > 0 ? `, ${wrong} RUNS NOT CLAIMED AGAIN ONCE` : ''}`,
    ),
    `  median of the last: ${leases(median)}`,
    '',
  ];
}

const leases = (count: number): string => `${count.toFixed(2)} (${(count * LEASE).toFixed(1)} s)`;

export function unitLines(hourly: readonly Hourly[]): string[] {
  const widest = Math.max(...hourly.map(({ what }) => what.length));
  const cell = (value: number) => value.toFixed(0).padStart(8);
  return [
    'request units per agent-hour, at a heartbeat and a poll every 10 s:',
    `  ${''.padEnd(widest)}   reads/h  writes/h   each is`,
    ...hourly.map(
      ({ what, reads, writes, calls }) =>
        `  ${what.padEnd(widest)}  ${cell(reads)}  ${cell(writes)}   ${calls}`,
    ),
    '',
  ];
}

export function falseRecoveryLines(
  { heartbeats, lapsed, reopened }: FalseRecoveries,
  { minutes, drops }: RecoveryBenchOptions,
): string[] {
  const { droppedBefore, droppedAfter, gone } = heartbeats;
  return [
    `${AGENTS} agents for ${minutes} min, each heartbeat dropped (${drops}) with probability ` +
      `${PROBABILITY}:`,
    `  ${heartbeats.heartbeats} heartbeats sent; dropped before their effect: ${droppedBefore}, ` +
      `after: ${droppedAfter}`,
    `  false recoveries: ${lapsed} sessions ended by the server, ${reopened} that agents opened anew, ` +
      `${gone} requests answered 410`,
  ];
}
