import { isFinal } from '../../../model/runs/state.ts';
import { type Facts, nameOf } from './facts.ts';
import { findingsOf, isHeld } from './findings.ts';
import { type Takeover, takeoverFindings, takeoversIn } from './takeovers.ts';
import { type Executions, executedAgain, finishesOf, whyTwice } from './twice.ts';

export interface Verdict {
  readonly runs: number;
  readonly finishedOnce: number;
  readonly runsTwice: number;
  readonly stillClaimed: number;
  readonly takeovers: readonly Takeover[];
  /** A sentence for each thing that is worth reporting and is allowed to happen. */
  readonly notes: readonly string[];
  /** A sentence for each thing that is wrong. */
  readonly findings: readonly string[];
}

/** Judges a demo that has ended. A pure function. */
export function check(facts: Facts): Verdict {
  const { planned, records, evidence } = facts;
  const evidenceOf = Map.groupBy(evidence, ({ runId }) => runId);
  const finishesBy = Map.groupBy(facts.finishes, ({ runId }) => runId);
  const recordOf = new Map(records.map((record) => [record.id, record]));
  const deaths = new Map(facts.deaths.map((death) => [death.agent, death]));
  const judged = planned.map((run) => {
    const of: Executions = {
      run,
      deaths,
      claims: facts.claims.get(run.id) ?? [],
      evidence: evidenceOf.get(run.id) ?? [],
      finishes: finishesBy.get(run.id) ?? [],
    };
    const record = recordOf.get(run.id);
    const times = record && isFinal(record.stateType) ? finishesOf(of).length : undefined;
    const twice = whyTwice(of);
    const findings = [
      ...twice,
      ...findingsOf(run, record, of.evidence),
      ...(times === 0 ? [`${record?.stateName}, but nobody finished it: ${nameOf(run)}`] : []),
    ];
    return { once: times === 1, twice: twice.length > 0, again: executedAgain(of), findings };
  });
  const takeovers = takeoversIn(facts);
  const ids = new Set(planned.map(({ id }) => id));
  const strangers = evidence.filter(({ runId }) => !ids.has(runId));
  return {
    runs: planned.length,
    finishedOnce: judged.filter(({ once }) => once).length,
    runsTwice: judged.filter(({ twice }) => twice).length,
    stillClaimed: records.filter((record) => isHeld(record)).length,
    takeovers,
    notes: judged.flatMap(({ again }) => again),
    findings: [
      ...judged.flatMap(({ findings }) => findings),
      ...takeoverFindings(facts, takeovers),
      ...strangers.map(({ runId, agent }) => `nobody asked for run ${runId}, ${agent} executed it`),
    ],
  };
}
