import { describe, expect, test } from 'vitest';
import { decide } from '../../core/states/decide.ts';
import type { Proposer } from '../../core/states/fence.ts';
import type { Proposal } from '../../core/states/proposal.ts';
import { TRANSITIONS } from '../../core/states/state-table.ts';
import type { ClaimToken } from '../../model/runs/claim-token.ts';
import type { Run } from '../../model/runs/run.ts';
import {
  defaultName,
  isCancelling,
  isFinal,
  isHeld,
  STATE_TYPES,
  type StateType,
} from '../../model/runs/state.ts';

/**
 * Every pair of (from, proposed), by hand and independently of the table in core: A accepts, R rejects
 * (r: with another state), B aborts, W waits. Rows are from, columns proposed, in the order of
 * STATE_TYPES: SCHEDULED PENDING RUNNING COMPLETED FAILED CANCELLED CRASHED PAUSED CANCELLING.
 */
const FREE: Readonly<Record<StateType, string>> = {
  SCHEDULED: 'A A A A A A A R r',
  PENDING: 'A B A A A A A R A',
  RUNNING: 'A B A A A A A A A',
  COMPLETED: 'A B B A A A B B B',
  FAILED: 'A B B A A A B B B',
  CANCELLED: 'A B B A A A B B B',
  CRASHED: 'A B B A A A B B B',
  PAUSED: 'A R A A A A A R r',
  CANCELLING: 'R R R R R A R R R',
};
const HELD: Readonly<Record<StateType, string>> = {
  ...FREE,
  SCHEDULED: 'A A A A A A A R A',
  PAUSED: 'A R A A A A A R A',
};

const NOW = 1_800_000_000_000_000;
const SESSION = '00000000-0000-4000-8000-00000000000a';
const SECRET = 'AAAAAAAAAAAAAAAAAAAAAA';
const RUN_ID = '00000000-0000-4000-8000-0000000000ff';
const TOKEN: ClaimToken = { runId: RUN_ID, attempt: 1, secret: SECRET };

function runIn(type: StateType, more: Partial<Run> = {}): Run {
  const id = '00000000-0000-4000-8000-000000000001';
  return {
    id: RUN_ID,
    flowId: id,
    queueId: id,
    tags: [],
    parameters: { text: '{}' },
    createdAt: NOW - 10,
    expectedAt: NOW - 10,
    scheduledAt: NOW - 10,
    stateType: type,
    stateId: id,
    states: [{ id, type, name: defaultName(type), at: NOW - 10, claimedBy: SESSION }],
    movedStates: 0,
    earlierIds: [],
    ranBefore: 0,
    attempt: 1,
    runCount: 1,
    losses: 0,
    slots: [],
    inLane: false,
    ...more,
  };
}

const held = (type: StateType, more: Partial<Run> = {}): Run =>
  runIn(type, { claim: { sessionId: SESSION, secret: SECRET, claimId: SESSION }, ...more });

const proposing = (type: StateType, more: Partial<Proposal> = {}): Proposal => ({
  type,
  name: defaultName(type),
  stateId: crypto.randomUUID(),
  hasTransitionId: false,
  persists: false,
  force: false,
  ...more,
});

const fresh = { now: NOW, newId: () => crypto.randomUUID(), newSecret: () => SECRET };
const HOLDER: Proposer = { kind: 'token', token: TOKEN };
const STALE: Proposer = { kind: 'token', token: { ...TOKEN, secret: 'BBBBBBBBBBBBBBBBBBBBBB' } };
const OTHER: Proposer = {
  kind: 'worker',
  sessionId: '00000000-0000-4000-8000-00000000000b',
  name: 'w',
  draining: false,
};
const USER: Proposer = { kind: 'user', sessionId: '00000000-0000-4000-8000-00000000000c' };

function letter(run: Run, proposal: Proposal, caller: Proposer): string {
  const decision = decide(run, proposal, caller, fresh);
  if (decision.kind === 'claimLost') return 'L';
  if (decision.kind === 'replay') return decision.status;
  const { status } = decision.verdict;
  const letters = { ACCEPT: 'A', REJECT: 'R', ABORT: 'B', WAIT: 'W' } as const;
  return decision.kind === 'write' && status === 'REJECT' ? 'r' : letters[status];
}

const row = (run: (type: StateType) => Run, from: StateType, caller: Proposer, more = {}) =>
  STATE_TYPES.map((to) => letter(run(from), proposing(to, more), caller)).join(' ');

describe('every pair of states', () => {
  const open = STATE_TYPES.filter((type) => !isFinal(type));
  test.each(open)('from %s, for whoever holds the run', (from) => {
    expect(row(held, from, HOLDER)).toBe(HELD[from]);
  });

  test.each(STATE_TYPES)('from %s, where nobody holds the run', (from) => {
    expect(row(runIn, from, USER)).toBe(FREE[from]);
  });

  test.each(STATE_TYPES)('from %s, a stale token changes nothing, forced or not', (from) => {
    for (const force of [false, true]) {
      expect(new Set(row(held, from, STALE, { force }).split(' '))).toEqual(new Set(['L']));
      expect(new Set(row(runIn, from, STALE, { force }).split(' '))).toEqual(new Set(['L']));
    }
  });

  test.each(STATE_TYPES)('from %s, another worker changes nothing, forced or not', (from) => {
    for (const force of [false, true]) {
      expect(new Set(row(held, from, OTHER, { force }).split(' '))).toEqual(new Set(['B']));
    }
  });

  test('the table has a rule for each of the 81 pairs', () => {
    const rules = STATE_TYPES.flatMap((from) => STATE_TYPES.map((to) => TRANSITIONS[from][to]));
    expect(rules.filter(Boolean)).toHaveLength(81);
  });
});

describe('what holds for every pair, caller and force', () => {
  const cases = STATE_TYPES.flatMap((from) =>
    STATE_TYPES.flatMap((to) =>
      [runIn, held].flatMap((make) =>
        [HOLDER, OTHER, USER].flatMap((caller) =>
          [false, true].map((force) => ({ from, to, make, caller, force })),
        ),
      ),
    ),
  );

  test('PENDING and RUNNING are held, a final state is not, and only a claim counts an attempt', () => {
    for (const { from, to, make, caller, force } of cases) {
      const run = make(from);
      const decision = decide(run, proposing(to, { force }), caller, fresh);
      if (decision.kind !== 'write') continue;
      const { state, claim } = decision.transition;
      const heldAfter =
        claim.kind === 'begin' || (claim.kind === 'keep' && run.claim !== undefined);
      const what = `${from} -> ${to} by ${caller.kind}, force ${force}`;
      if (isHeld(state.type)) expect(heldAfter, what).toBe(true);
      if (isCancelling(state.type) && from !== 'CANCELLING' && !isHeld(from)) {
        expect(heldAfter, what).toBe(true);
      }
      if (isFinal(state.type)) expect(heldAfter, what).toBe(false);
      if (claim.kind === 'begin') {
        expect(run.claim, what).toBeUndefined();
        expect(isHeld(state.type), what).toBe(true);
      }
    }
  });

  test('a final state is never claimed again without being re-scheduled first', () => {
    for (const { from, to, make, caller, force } of cases) {
      if (!isFinal(from) || !isHeld(to)) continue;
      const decision = decide(make(from), proposing(to, { force }), caller, fresh);
      expect(decision.kind, `${from} -> ${to}`).not.toBe('write');
    }
  });

  test('a user may cancel, or force a final or SCHEDULED state, on a run that somebody holds', () => {
    const may = (to: StateType, force: boolean) =>
      decide(held('RUNNING'), proposing(to, { force }), USER, fresh).kind === 'write';
    expect(STATE_TYPES.filter((to) => may(to, false))).toEqual(['CANCELLING']);
    expect(STATE_TYPES.filter((to) => may(to, true))).toEqual([
      'SCHEDULED',
      'COMPLETED',
      'FAILED',
      'CANCELLED',
      'CRASHED',
      'CANCELLING',
    ]);
  });
});

describe('rules that look at more than two states', () => {
  test('RUNNING before its time waits, rounded as Prefect does and never 0 s', () => {
    const verdict = (ms: number) => {
      const run = held('PENDING', { scheduledAt: NOW + ms * 1000 });
      const decision = decide(run, proposing('RUNNING'), HOLDER, fresh);
      return 'verdict' in decision ? decision.verdict : undefined;
    };
    expect(verdict(10_400)).toMatchObject({ status: 'WAIT', seconds: 10 });
    expect(verdict(10_600)).toMatchObject({ status: 'WAIT', seconds: 11 });
    expect(verdict(100)).toMatchObject({ status: 'WAIT', seconds: 1 });
    expect(verdict(0)).toMatchObject({ status: 'ACCEPT' });
  });

  test('FAILED with retries left becomes AwaitingRetry, held by the same claim', () => {
    const run = held('RUNNING', { retries: 2, retryDelay: [1, 5], runCount: 2 });
    const decision = decide(run, proposing('FAILED'), HOLDER, fresh);
    expect(decision).toMatchObject({
      verdict: { status: 'REJECT' },
      transition: {
        state: { type: 'SCHEDULED', name: 'AwaitingRetry', scheduledAt: NOW + 5_000_000 },
        claim: { kind: 'keep' },
        place: 'same',
      },
    });
    const last = decide({ ...run, runCount: 3 }, proposing('FAILED'), HOLDER, fresh);
    expect(last).toMatchObject({
      verdict: { status: 'ACCEPT' },
      transition: { claim: { kind: 'end' } },
    });
  });

  test('a run by hand, in no queue, is not re-scheduled', () => {
    const { queueId: _, ...run } = runIn('FAILED');
    expect(letter(run, proposing('SCHEDULED'), USER)).toBe('B');
    expect(letter(run, proposing('SCHEDULED', { force: true }), USER)).toBe('B');
  });

  test('a result that was kept is not given up for none', () => {
    const run = runIn('COMPLETED');
    const kept = { ...run, states: run.states.map((state) => ({ ...state, persists: true })) };
    expect(letter(kept, proposing('COMPLETED'), USER)).toBe('R');
    expect(letter(kept, proposing('SCHEDULED'), USER)).toBe('R');
    expect(letter(kept, proposing('COMPLETED', { persists: true }), USER)).toBe('A');
  });

  test('the last claimant, and nobody else, restarts a run that has ended', () => {
    const last: Proposer = { ...OTHER, sessionId: SESSION };
    expect(letter(runIn('CRASHED'), proposing('RUNNING'), last)).toBe('A');
    expect(letter(runIn('CRASHED'), proposing('RUNNING'), OTHER)).toBe('B');
    expect(letter(runIn('CRASHED'), proposing('RUNNING'), USER)).toBe('B');
  });

  test('PENDING takes another name from its holder only, and never Pending again', () => {
    expect(letter(held('PENDING'), proposing('PENDING', { name: 'Submitting' }), HOLDER)).toBe('A');
    expect(letter(held('PENDING'), proposing('PENDING'), HOLDER)).toBe('B');
    expect(letter(held('PENDING'), proposing('PENDING', { name: 'Submitting' }), USER)).toBe('B');
  });
});

describe('the same transition_id sent again', () => {
  const transitionId = '00000000-0000-4000-8000-0000000000aa';
  const answered = (type: StateType, more: Partial<Run> = {}) => {
    const run = held(type, more);
    const state = { id: transitionId, type, name: defaultName(type), at: NOW - 5, proposed: true };
    return { ...run, states: [...run.states, state], stateId: transitionId };
  };
  const again = (run: Run, type: StateType, caller = HOLDER) =>
    letter(run, proposing(type, { stateId: transitionId, hasTransitionId: true }), caller);

  test('is answered as it was, while its claim is current', () => {
    expect(again(answered('RUNNING'), 'RUNNING')).toBe('ACCEPT');
  });

  test('is answered as it was, where it ended the claim itself', () => {
    const { claim: _, ...ended } = answered('COMPLETED');
    expect(again(ended, 'COMPLETED')).toBe('ACCEPT');
  });

  test('is aborted once another transition has ended its claim', () => {
    const { claim: _, ...run } = answered('RUNNING');
    const crashed = { id: SESSION, type: 'CRASHED', name: 'Crashed', at: NOW } as const;
    const ended = { ...run, stateType: crashed.type, states: [...run.states, crashed] };
    expect(again(ended, 'RUNNING')).toBe('B');
  });

  test('is aborted once somebody else has claimed the run', () => {
    const run = answered('RUNNING');
    const taken = {
      id: SESSION,
      type: 'PENDING',
      name: 'Pending',
      at: NOW,
      claimedBy: RUN_ID,
    } as const;
    expect(again({ ...run, states: [...run.states, taken] }, 'RUNNING')).toBe('B');
  });

  test('is a REJECT again where it was answered with another state', () => {
    const run = answered('SCHEDULED');
    const states = run.states.map((state) =>
      state.proposed ? { ...state, insteadOf: 'FAILED' as const } : state,
    );
    expect(again({ ...run, states }, 'FAILED')).toBe('REJECT');
  });
});

describe('a transition_id is no way around the fence', () => {
  const transitionId = '00000000-0000-4000-8000-0000000000aa';
  const state = {
    id: transitionId,
    type: 'RUNNING',
    name: 'Running',
    at: NOW - 5,
    proposed: true,
  } as const;
  const run = held('RUNNING');
  const answered = { ...run, states: [...run.states, state], stateId: transitionId };
  const sent = (type: StateType, caller: Proposer, hasTransitionId = true) =>
    letter(answered, proposing(type, { stateId: transitionId, hasTransitionId }), caller);

  test.each([
    ['a stale token', STALE],
    ['another worker', OTHER],
    ['a user', USER],
  ])('%s that knows it is not answered as its holder was', (_, caller) => {
    expect(sent('RUNNING', caller)).toBe('B');
  });

  test('another proposal under it is not made, and not said to have been', () => {
    expect(sent('COMPLETED', HOLDER)).toBe('B');
  });

  test('the id of a state that the server named is none of a caller', () => {
    const created = run.states[0]?.id ?? '';
    const proposal = proposing('RUNNING', { stateId: created, hasTransitionId: true });
    expect(letter(run, proposal, HOLDER)).toBe('B');
  });
});
