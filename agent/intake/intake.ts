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
  /** The id of the claim request that has no response yet. */
  readonly outstanding: () => string | undefined;
  readonly start: (claim: Claim, session: Session) => void;
}

/**
 * Receives claims, from the response to a claim or to a heartbeat. It starts each claim, gives it
 * back, or ignores it because it was dealt with before.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #givingBack = new Map<string, Promise<void>>();
  /**
   * The claims that the last heartbeat's response called unknown, although they were dealt with.
   */
  #suspects = new Set<string>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Resolves when all claims that are being given back now have been given back. */
  async idle(): Promise<void> {
    await Promise.all(this.#givingBack.values());
  }

  /** Takes the claims of a claim's response. */
  take(claims: readonly Claim[], session: Session): void {
    // The response is late and its session has ended, so other agents may hold these runs by now.
    if (session.over.aborted) return;
    for (const claim of claims) {
      if (this.#options.held.see(claim)) this.#accept(claim, session);
    }
  }

  /** Acts on a heartbeat's response. */
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
      // The claim's own response is on the way, or arrived while this response was on the way.
      if (claim.claim_id === outstanding() || held.find(id, claim.attempt)) continue;
      if (held.gaveUp(id, claim.attempt)) continue;
      if (held.see(claim)) {
        this.#accept(claim, session);
        continue;
      }
      // This claim was dealt with. The heartbeat may have crossed with our last report on it. If
      // the next response calls it unknown again, the server never accepted that report.
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
