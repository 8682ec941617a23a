import type { Client } from '../../client/index.ts';
import { isCancelling, isCompleted, isFailure } from '../../model/runs/state.ts';
import type { Calls } from '../calls.ts';
import { startFault } from '../child/describe-error.ts';
import { type AgentEvent, stateName } from '../events.ts';
import { LEVEL } from '../logs/log-line.ts';
import type { LogShipper } from '../logs/log-shipper.ts';
import { pause } from '../pause.ts';
import type { Session } from '../session/session.ts';
import { type Claim, runOf, type State, type StateProposal } from '../wire.ts';
import type { GiveBack } from './give-back.ts';
import { resolveJob } from './job.ts';
import type { TemplateSource } from './job-template.ts';
import { cancelled, crashed, withLess } from './outcomes.ts';
import type { Propose } from './propose.ts';
import { durationToRetry, isRetry, tellPolicy } from './retries.ts';
import { type Runnable, type RunningJob, runOnce } from './run-once.ts';

export interface ExecutionOptions {
  readonly url: string;
  readonly client: Client;
  readonly calls: Calls;
  readonly propose: Propose;
  readonly template: TemplateSource;
  readonly logs: LogShipper;
  readonly giveBack: GiveBack;
  readonly onEvent: (event: AgentEvent) => void;
  /** The claim's. */
  readonly session: Pick<Session, 'over' | 'checkLease'>;
}

/** Between asking a run to end and killing it. */
const CANCEL_GRACE_MS = 5_000;
/** No final state: it goes back to its queue. */
const HANDED_BACK: StateProposal = { type: 'SCHEDULED' };
/** Logs that take longer to ship arrive after the run's end. */
const LAST_LOGS_MS = 1_000;

/**
 * Executes one claimed run, from its claim to the answer to its final state, retries included.
 *
 * `done` settles when nothing is left to do for it, and never rejects.
 */
export class Execution {
  readonly claim: Claim;
  readonly done: Promise<void>;
  /** The server takes no final state of it: it stays as it is there. */
  givenUp = false;
  readonly #options: ExecutionOptions;
  /** Aborted when the run is not ours any more: then nothing is reported. */
  readonly #gone = new AbortController();
  /** Aborted when the outcome is decided, whatever the child still says. */
  readonly #decided = new AbortController();
  /** Aborted when the agent drains: a run that only waits is given back. */
  readonly #draining = new AbortController();
  #verdict: StateProposal | undefined;
  #child: RunningJob | undefined;
  #startedAt = performance.now();
  #policyTold = false;
  #runCount: number;

  constructor(claim: Claim, options: ExecutionOptions) {
    this.claim = claim;
    this.#options = options;
    this.#runCount = claim.flow_run.run_count;
    const onOver = () => this.lose('its session is over');
    const { over } = options.session;
    over.addEventListener('abort', onOver);
    this.done = this.#execute()
      .catch((error: unknown) => this.#broken(error))
      .finally(() => over.removeEventListener('abort', onOver));
  }

  /** The run is not ours any more: the child is killed, nothing is reported. */
  lose(reason: string): void {
    if (this.#gone.signal.aborted) return;
    this.#forget(reason);
    this.#gone.abort();
    this.#child?.kill();
  }

  /** Someone cancelled the run. */
  cancel(): void {
    this.#decide(cancelled());
    this.#child?.end('The run was cancelled.', CANCEL_GRACE_MS);
  }

  /** The agent stops now. */
  kill(): void {
    this.#decide(crashed('The agent was stopped.'));
    this.#child?.kill();
  }

  /** The agent has no more time: another one executes the run, from its beginning. */
  handBack(): void {
    this.#decide(HANDED_BACK);
    this.#child?.end('The agent has to stop.', CANCEL_GRACE_MS);
  }

  /** The agent stops when its runs have ended. */
  drain(): void {
    this.#draining.abort();
  }

  #decide(verdict: StateProposal): void {
    this.#verdict ??= verdict;
    this.#decided.abort();
  }

  async #execute(): Promise<void> {
    const job = resolveJob(this.claim, await this.#options.template.read());
    if (job.type === 'nothing') {
      await this.#finish(crashed(job.message));
      return;
    }
    while (await this.#begin()) {
      const retry = await this.#finish(await this.#run(job));
      if (!retry || !(await this.#waitFor(retry))) return;
    }
  }

  /** Proposes RUNNING. False when the run is not to be executed (any more). */
  async #begin(): Promise<boolean> {
    for (;;) {
      if (this.#verdict) {
        await this.#finish(this.#verdict);
        return false;
      }
      const answer = await this.#propose({ type: 'RUNNING' });
      if (answer.type === 'accepted') return true;
      if (answer.type === 'wait') {
        await pause(answer.seconds * 1_000, this.#stirred());
      } else if (answer.type === 'rejected' && isCancelling(answer.state.type)) {
        this.#decide(cancelled());
      } else {
        this.#forget(answer.reason);
        return false;
      }
    }
  }

  /** Executes the job once, in a child. */
  async #run(job: Runnable): Promise<StateProposal> {
    if (this.#verdict) return this.#verdict;
    const { url, logs, onEvent, session } = this.#options;
    this.#startedAt = performance.now();
    this.#runCount++;
    let child: RunningJob;
    try {
      child = runOnce({
        url,
        logs,
        job,
        claim: this.claim,
        runCount: this.#runCount,
        onLoaded: async (loaded) => {
          const { signal } = this.#gone;
          this.#policyTold ||= await tellPolicy(this.#options, this.claim, loaded, signal);
          // The flow starts next, and it may have taken long to load.
          session.checkLease();
          signal.throwIfAborted();
        },
      });
    } catch (error) {
      // An environment that no process can have, for one. Another agent would fare no better.
      return crashed(`The run's process cannot be started: ${startFault(error)}`);
    }
    this.#child = child;
    onEvent({ type: 'run_started', pid: child.pid, ...runOf(this.claim) });
    const outcome = await child.outcome;
    this.#child = undefined;
    this.#gone.signal.throwIfAborted();
    // What has completed while it was asked to end is not executed again.
    if (this.#verdict === HANDED_BACK && isCompleted(outcome.type)) return outcome;
    return this.#verdict ?? outcome;
  }

  /**
   * Proposes a final state. Gives a state when the server grants a retry and leaves us the run for
   * it, else undefined: then nothing is left to do.
   */
  async #finish(state: StateProposal): Promise<State | undefined> {
    await this.#options.logs.flush(LAST_LOGS_MS);
    if (state === HANDED_BACK) {
      await this.#options.giveBack(this.claim, 'the agent had to stop', this.#gone.signal);
      return undefined;
    }
    const answer = await this.#propose(state);
    switch (answer.type) {
      case 'accepted':
        this.#options.onEvent({
          type: 'run_finished',
          state: { type: state.type, name: stateName(state) },
          seconds: (performance.now() - this.#startedAt) / 1_000,
          ...runOf(this.claim),
        });
        return undefined;
      case 'wait':
        await pause(answer.seconds * 1_000, this.#gone.signal);
        return this.#finish(state);
      case 'rejected':
        if (isFailure(state.type) && isRetry(answer.state)) return answer.state;
        if (isCancelling(answer.state.type)) return this.#finish(cancelled());
        break;
      case 'refused': {
        const instead = withLess(state, answer.reason);
        if (instead) return this.#finish(instead);
        this.#giveUp(state, answer.reason);
        return undefined;
      }
      case 'lost':
    }
    this.#forget(answer.reason);
    return undefined;
  }

  /** Waits for a retry's time. False when the run is not to be tried again by us. */
  async #waitFor(retry: State): Promise<boolean> {
    const { onEvent, giveBack } = this.#options;
    const inMs = durationToRetry(retry);
    onEvent({ type: 'run_retries', inSeconds: inMs / 1_000, ...runOf(this.claim) });
    await pause(inMs, AbortSignal.any([this.#stirred(), this.#draining.signal]));
    if (this.#gone.signal.aborted) return false;
    const isDecided = this.#verdict !== undefined && this.#verdict !== HANDED_BACK;
    if (!this.#draining.signal.aborted || isDecided) return true;
    // Another agent can wait just as well.
    const { scheduled_time } = retry.state_details;
    const as = { name: retry.name, scheduled_time };
    await giveBack(this.claim, 'the agent is stopping', this.#gone.signal, as);
    return false;
  }

  /** Wakes a run that waits. */
  #stirred(): AbortSignal {
    return AbortSignal.any([this.#gone.signal, this.#decided.signal]);
  }

  /** Rejects when the run is not ours any more, also when that was found out just now. */
  async #propose(state: StateProposal) {
    const answer = await this.#options.propose(this.claim, state, this.#gone.signal);
    this.#gone.signal.throwIfAborted();
    return answer;
  }

  #giveUp(state: StateProposal, reason: string): void {
    this.givenUp = true;
    const message = `The server does not take the state ${stateName(state)}: ${reason}`;
    const runId = this.claim.flow_run.id;
    this.#options.logs.add({ runId, name: 'dibs.agent', level: LEVEL.error, message });
    this.#forget(message);
  }

  #forget(reason: string): void {
    this.#options.onEvent({ type: 'run_forgotten', reason, ...runOf(this.claim) });
  }

  #broken(error: unknown): void {
    if (this.#gone.signal.aborted) return;
    this.#child?.kill();
    this.#forget(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
