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
import { HANDED_BACK, Verdict } from './verdict.ts';

export interface ExecutionOptions {
  readonly url: string;
  readonly client: Client;
  readonly calls: Calls;
  readonly propose: Propose;
  readonly template: TemplateSource;
  readonly logs: LogShipper;
  readonly giveBack: GiveBack;
  readonly onEvent: (event: AgentEvent) => void;
  /** The session that holds the claim. */
  readonly session: Pick<Session, 'over' | 'checkLease'>;
}

/** The time between asking a run to end and killing it. */
const CANCEL_GRACE_MS = 5_000;
/** Log lines that take longer to ship arrive after the run's final state. */
const LAST_LOGS_MS = 1_000;

/**
 * Executes one claimed run, from the claim to the server's response to its final state, retries
 * included.
 *
 * `done` resolves when nothing is left to do for the run, and never rejects.
 */
export class Execution {
  readonly claim: Claim;
  readonly done: Promise<void>;
  /**
   * True if the server accepts no final state of the run, whose state there then stays as it is.
   */
  givenUp = false;
  readonly #options: ExecutionOptions;
  readonly #verdict = new Verdict();
  #child: RunningJob | undefined;
  #startedAt = performance.now();
  #policyTold = false;
  #runCount: number;

  constructor(claim: Claim, options: ExecutionOptions) {
    this.claim = claim;
    this.#options = options;
    this.#runCount = claim.flow_run.run_count;
    const onOver = () => this.lose('the session is over');
    const { over } = options.session;
    over.addEventListener('abort', onOver);
    this.done = this.#execute()
      .catch((error: unknown) => this.#broken(error))
      .finally(() => over.removeEventListener('abort', onOver));
  }

  /** Called when this agent no longer holds the run: kills the child and reports nothing more. */
  lose(reason: string): void {
    if (this.#verdict.gone.aborted) return;
    this.#forget(reason);
    this.#verdict.lose();
    this.#child?.kill();
  }

  /** Called when the run was cancelled: asks the child to end, and kills it after a grace. */
  cancel(): void {
    this.#verdict.decide(cancelled());
    this.#child?.end('The run was cancelled.', CANCEL_GRACE_MS);
  }

  /** Called when the agent stops at once: kills the child and reports the run as CRASHED. */
  kill(): void {
    this.#verdict.decide(crashed('The agent was stopped.'));
    this.#child?.kill();
  }

  /**
   * Called when the agent's time is up: gives the run back, so that another agent executes it anew.
   */
  handBack(): void {
    this.#verdict.decide(HANDED_BACK);
    this.#child?.end('The agent has to stop.', CANCEL_GRACE_MS);
  }

  /** Called when the agent will stop once its runs have ended. */
  drain(): void {
    this.#verdict.drain();
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

  /** Proposes RUNNING. Returns false if the run must not be executed, or no longer. */
  async #begin(): Promise<boolean> {
    for (;;) {
      if (this.#verdict.state) {
        await this.#finish(this.#verdict.state);
        return false;
      }
      const answer = await this.#propose({ type: 'RUNNING' });
      if (answer.type === 'accepted') return true;
      if (answer.type === 'wait') {
        await pause(answer.seconds * 1_000, this.#verdict.stirred());
      } else if (answer.type === 'rejected' && isCancelling(answer.state.type)) {
        this.#verdict.decide(cancelled());
      } else {
        this.#forget(answer.reason);
        return false;
      }
    }
  }

  /** Executes the job once, in a child. */
  async #run(job: Runnable): Promise<StateProposal> {
    if (this.#verdict.state) return this.#verdict.state;
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
          const { gone } = this.#verdict;
          this.#policyTold ||= await tellPolicy(this.#options, this.claim, loaded, gone);
          // The flow may have taken long to load, so check the lease before the flow starts.
          session.checkLease();
          gone.throwIfAborted();
        },
      });
    } catch (error) {
      // The environment may be one that no process can have. Another agent would fail as well.
      return crashed(`The run's process cannot be started: ${startFault(error)}`);
    }
    this.#child = child;
    onEvent({ type: 'run_started', pid: child.pid, ...runOf(this.claim) });
    const outcome = await child.outcome;
    this.#child = undefined;
    this.#verdict.gone.throwIfAborted();
    // A run that completed while it was asked to end is not executed again.
    if (this.#verdict.state === HANDED_BACK && isCompleted(outcome.type)) return outcome;
    return this.#verdict.state ?? outcome;
  }

  /**
   * Proposes a final state. Returns the retry's state if the server grants a retry and this agent
   * keeps the run for it. Otherwise returns undefined, and nothing is left to do.
   */
  async #finish(state: StateProposal): Promise<State | undefined> {
    await this.#options.logs.flush(LAST_LOGS_MS);
    if (state === HANDED_BACK) {
      await this.#options.giveBack(this.claim, 'the agent had to stop', this.#verdict.gone);
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
        await pause(answer.seconds * 1_000, this.#verdict.gone);
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

  /** Waits until the retry is due. Returns false if this agent must not retry the run. */
  async #waitFor(retry: State): Promise<boolean> {
    const { onEvent, giveBack } = this.#options;
    const inMs = durationToRetry(retry);
    onEvent({ type: 'run_retries', inSeconds: inMs / 1_000, ...runOf(this.claim) });
    const { gone, draining } = this.#verdict;
    await pause(inMs, AbortSignal.any([this.#verdict.stirred(), draining]));
    if (gone.aborted) return false;
    if (!draining.aborted || this.#verdict.isFinal) return true;
    // Another agent can wait just as well.
    const { scheduled_time } = retry.state_details;
    const as = { name: retry.name, scheduled_time };
    await giveBack(this.claim, 'the agent is stopping', gone, as);
    return false;
  }

  /** Rejects if this agent no longer holds the run, even if it found that out during this call. */
  async #propose(state: StateProposal) {
    const answer = await this.#options.propose(this.claim, state, this.#verdict.gone);
    this.#verdict.gone.throwIfAborted();
    return answer;
  }

  #giveUp(state: StateProposal, reason: string): void {
    this.givenUp = true;
    const message = `The server does not accept the state ${stateName(state)}: ${reason}`;
    const runId = this.claim.flow_run.id;
    this.#options.logs.add({ runId, name: 'dibs.agent', level: LEVEL.error, message });
    this.#forget(message);
  }

  #forget(reason: string): void {
    this.#options.onEvent({ type: 'run_forgotten', reason, ...runOf(this.claim) });
  }

  #broken(error: unknown): void {
    if (this.#verdict.gone.aborted) return;
    this.#child?.kill();
    this.#forget(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
