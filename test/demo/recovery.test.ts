import { expect, it } from 'vitest';
import type { Facts } from '../../scripts/demo/proof/facts.ts';
import { claimed, died, executed, finished, held, judge, RESULT, verdict, well } from './facts.ts';

const { records, evidence, claims, finishes } = well;
const TWICE = '2 runs, 1 finished once, 1 run twice';

/** Agent-a held the second run when it was killed at 150; agent-b claimed it at 30,150. */
const lost = claimed({ endedAt: 30_100, reason: 'agent lost' });
const taken = claimed({ attempt: 2, agent: 'agent-b', claimedAt: 30_150, endedAt: 30_500 });
const { result: _, ...begun } = executed('id-2', '/b.txt');
const again = executed('id-2', '/b.txt', {
  attempt: 2,
  agent: 'agent-b',
  pid: 9,
  startedAt: 30_200,
  result: { ...RESULT, endedAt: 30_300 },
});
const recovered = {
  claims: new Map([...claims, ['id-2', [lost, taken]]]),
  evidence: [...evidence.slice(0, 1), begun, again],
  finishes: finishes.with(1, finished('id-2', { attempt: 2, agent: 'agent-b' })),
  deaths: [died('agent-a')],
  kill: true,
} satisfies Partial<Facts>;

it('tells how long it took until what a killed agent held was claimed again', () => {
  expect(judge(recovered)).toEqual([
    '2 runs, 2 finished once, 0 run twice, 1 taken over from the killed agent after 30.0 s',
  ]);
});

it('tells that a run was executed again after its agent died, and finds nothing wrong', () => {
  const changed = { ...recovered, evidence: [...evidence, again] };
  expect(judge(changed)).toHaveLength(1);
  expect(verdict(recovered).notes).toEqual([]);
  expect(verdict(changed).notes).toEqual([
    'executed again after its agent died: blue-cat id-2: by agent-a (attempt 1, pid 7), ' +
      'by agent-b (attempt 2, pid 9)',
  ]);
});

it('names a run that is taken over late', () => {
  const late = claimed({ ...taken, claimedAt: 45_151, endedAt: 46_000 });
  const changed = { ...recovered, claims: new Map([...claims, ['id-2', [lost, late]]]) };
  expect(judge(changed).slice(1)).toEqual([
    'taken over late: blue-cat id-2: by agent-b 45.0 s after agent-a died, and not within 45 s',
  ]);
});

it('names what was never taken over', () => {
  const stuck = {
    ...recovered,
    records: records.with(1, held('id-2', 'agent-a (killed)')),
    claims: new Map([...claims, ['id-2', [claimed({ endedAt: null, reason: null })]]]),
    evidence: [...evidence.slice(0, 1), begun],
    finishes: finishes.slice(0, 1),
  };
  expect(judge(stuck)).toEqual([
    '2 runs, 1 finished once, 0 run twice, 1 still claimed',
    'still claimed by agent-a (killed): blue-cat id-2',
    'nothing was taken over from agent-a, which was killed',
  ]);
});

it('names it when nobody was killed, or when an agent ended by itself', () => {
  expect(judge({ kill: true }).slice(1)).toEqual(['no agent was killed']);
  const crashed = died('agent-b', { fate: 'exit code 1', byDemo: false });
  expect(judge({ deaths: [crashed] }).slice(1)).toEqual(['agent-b ended by itself: exit code 1']);
});

it('names a run that was taken from an agent which lives', () => {
  const changed = { ...recovered, deaths: [], kill: false, evidence: [...evidence, again] };
  expect(judge(changed)).toEqual([
    '2 runs, 2 finished once, 1 run twice',
    'ran 2 times: blue-cat id-2: by agent-a (attempt 1, pid 7), by agent-b (attempt 2, pid 9)',
    'taken from agent-a, which lives: blue-cat id-2 (attempt 1)',
  ]);
});

it('names a run that was finished twice, by whoever tells of it', () => {
  const by = 'by agent-a (attempt 1), by agent-b (attempt 2)';
  const told = { finishes: [...finishes, finished('id-2', { attempt: 2, agent: 'agent-b' })] };
  expect(judge(told)).toEqual([TWICE, `finished 2 times: blue-cat id-2: ${by}`]);
  // The first one finished, and was killed before it could tell.
  const untold = { ...recovered, claims: new Map([...claims, ['id-2', [claimed(), taken]]]) };
  expect(judge({ ...untold, deaths: [], kill: false })).toEqual([
    TWICE,
    'finished 2 times: blue-cat id-2: by agent-b (attempt 2), by agent-a (attempt 1)',
    // Its process left no result: nobody knows that it had ended.
    'executed by two at once: blue-cat id-2: by agent-a (attempt 1, pid 7), by agent-b (attempt 2, pid 9)',
  ]);
});

it('names a run that two held at once, by the server', () => {
  for (const endedAt of [null, 30_151]) {
    const both = [claimed({ ...lost, endedAt }), taken];
    const [first, ...rest] = judge({ ...recovered, claims: new Map([...claims, ['id-2', both]]) });
    expect(first).toMatch(/^2 runs, 2 finished once, 1 run twice/);
    expect(rest).toEqual([
      'held by two at once: blue-cat id-2: by agent-a (attempt 1), by agent-b (attempt 2)',
    ]);
  }
});

it('names a run whose first process lived when the second one began, by what they left behind', () => {
  const both = 'by agent-a (attempt 1, pid 7), by agent-b (attempt 2, pid 9)';
  const finding = `executed by two at once: blue-cat id-2: ${both}`;
  for (const goneAt of [undefined, 30_201]) {
    const changed = { ...recovered, deaths: [died('agent-a', { goneAt })] };
    expect(judge(changed).slice(1)).toEqual([finding]);
  }
  const slow = { ...begun, result: { ...RESULT, endedAt: 30_201 } };
  const changed = { ...recovered, evidence: [...evidence.slice(0, 1), slow, again] };
  expect(judge(changed).slice(1)).toEqual([finding]);
});
