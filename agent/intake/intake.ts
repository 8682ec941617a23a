import type { AgentEvent } from '../events.ts';
import type { GiveBack } from '../execution/give-back.ts';
import type { HeldRuns } from '../execution/held-runs.ts';
import type { Session } from '../session/session.ts';
import { type Claim, claimKey, type HeartbeatReply, runOf } from '../wire.ts';

interface IntakeOptions {
  readonly held: HeldRuns;
  readonly giveBack: GiveBack;
  readonly onEvent: (event: AgentEvent) => void;
  readonly room: () => number;
  readonly stopping: () => boolean;
  /** The claim that is asked for and not answered yet. */
  readonly outstanding: () => string | undefined;
  readonly start: (claim: Claim, session: Session) => void;
}

/**
 * Where claims come in, by a claim's reply or by a heartbeat's, and where each is started here, or
 * given back, or thrown away because it was dealt with before.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #givingBack = new Map<string, Promise<void>>();
  /** What the last heartbeat called unknown although we had dealt with it. */
  #suspects = new Set<string>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Settles when all that is being given back now is. */
  async idle(): Promise<void> {
    await Promise.all(this.#givingBack.values());
  }

  /** Takes what a claim's reply brought. */
  take(claims: readonly Claim[], session: Session): void {
    // A late reply of a session that has ended: its runs are others' by now.
    if (session.over.aborted) return;
    for (const claim of claims) {
      if (this.#options.held.see(claim)) this.#accept(claim, session);
    }
  }

  /** Acts on what a heartbeat's reply says. */
  hear({ cancel, lost, unknown }: HeartbeatReply, session: Session): void {
    if (session.over.aborted) return;
    const { held, outstanding } = this.#options;
    for (const { id, attempt } of cancel) held.find(id, attempt)?.cancel();
    for (const { id, attempt, holder } of lost) {
      const now = holder
        ? `${holder.worker_name ?? holder.session_id} holds it now`
        : 'nobody holds it now';
      held.find(id, attempt)?.lose(now);
    }
    const suspects = new Set<string>();
    for (const claim of unknown) {
      const { id } = claim.flow_run;
      // Its own reply is on the way, or has come while this one was.
      if (claim.claim_id === outstanding() || held.find(id, claim.attempt)) continue;
      if (held.gaveUp(id, claim.attempt)) continue;
      if (held.see(claim)) {
        this.#accept(claim, session);
        continue;
      }
      // We dealt with it. The heartbeat may have crossed with our last word on it; if the next one
      // says so again, the server never took that word.
      const key = claimKey(id, claim.attempt);
      if (this.#suspects.has(key)) this.#giveBack(claim, session, 'it was started here before');
      else suspects.add(key);
    }
    this.#suspects = suspects;
  }

  #accept(claim: Claim, session: Session): void {
    const { room, stopping, start, onEvent } = this.#options;
    if (stopping()) this.#giveBack(claim, session, 'the agent is stopping');
    else if (room() <= 0) this.#giveBack(claim, session, 'the agent has no room for it');
    else {
      onEvent({ type: 'run_claimed', ...runOf(claim) });
      start(claim, session);
    }
  }

  #giveBack(claim: Claim, { over }: Session, reason: string): void {
    const key = claimKey(claim.flow_run.id, claim.attempt);
    if (this.#givingBack.has(key)) return;
    const given = this.#options.giveBack(claim, reason, over);
    this.#givingBack.set(
      key,
      given.finally(() => this.#givingBack.delete(key)),
    );
  }
}
