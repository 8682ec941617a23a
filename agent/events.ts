import { defaultName, type StateType } from '../model/runs/state.ts';

interface OfRun {
  readonly runId: string;
  readonly runName: string;
  readonly attempt: number;
}

/** What an agent tells of itself. */
export type AgentEvent =
  | {
      readonly type: 'session_opened';
      readonly sessionId: string;
      readonly name: string;
      readonly pool: string;
      readonly limit: number;
    }
  /** The server ended the session: its children are killed, the agent opens a new one. */
  | { readonly type: 'session_lost'; readonly sessionId: string }
  /**
   * No heartbeat was answered for so long that the server may end the session: its children are
   * killed, and the agent opens a new one in its place as soon as it can.
   */
  | { readonly type: 'cut_off'; readonly sessionId: string; readonly silentSeconds: number }
  /** Which session this agent has cannot be kept, or which it had cannot be known. Told once. */
  | { readonly type: 'state_unusable'; readonly path: string; readonly reason: string }
  /** Another live agent has this name. */
  | { readonly type: 'name_taken'; readonly name: string; readonly instead: string }
  | ({ readonly type: 'run_claimed' } & OfRun)
  | ({ readonly type: 'run_started'; readonly pid: number | undefined } & OfRun)
  /** A final state, told to the server and accepted by it. */
  | ({
      readonly type: 'run_finished';
      readonly state: { readonly type: StateType; readonly name: string };
      readonly seconds: number;
    } & OfRun)
  /** It failed and is tried again by this agent. */
  | ({ readonly type: 'run_retries'; readonly inSeconds: number } & OfRun)
  /** No longer ours: nothing more is reported for it. */
  | ({ readonly type: 'run_forgotten'; readonly reason: string } & OfRun)
  | ({ readonly type: 'run_given_back'; readonly reason: string } & OfRun)
  /** The server does not answer. Told once, until it is back. */
  | { readonly type: 'away'; readonly url: string; readonly reason: string }
  | { readonly type: 'back'; readonly url: string }
  /** The server refuses something; told once per message. */
  | { readonly type: 'refused'; readonly message: string }
  /** An operator wants it to claim nothing more, until `undrained`; its runs go on. */
  | { readonly type: 'drained' }
  | { readonly type: 'undrained' }
  /** ECS does not protect its task. Told once per reason. */
  | { readonly type: 'unprotected'; readonly reason: string }
  /** It claims nothing more until `claims_again`, so that ECS can stop its task; its runs go on. */
  | { readonly type: 'makes_way'; readonly reason: string }
  | { readonly type: 'claims_again' }
  /** It was told to stop, and does when its runs have ended. */
  | { readonly type: 'draining'; readonly runs: number }
  | { readonly type: 'stopped' };

/** An event as a line for people. */
export function eventText(event: AgentEvent): string {
  switch (event.type) {
    case 'session_opened':
      return `agent ${event.name} (session ${event.sessionId}) polls pool ${event.pool}, up to ${event.limit} at once`;
    case 'session_lost':
      return `the server ended session ${event.sessionId}: its runs are stopped here, a new session opens`;
    case 'cut_off':
      return `no heartbeat was taken for ${event.silentSeconds.toFixed(0)} s: session ${event.sessionId} may be ended any time, so its runs are stopped here; a new session opens once one is`;
    case 'state_unusable':
      return `${event.path} cannot be used (${event.reason}): if this agent is killed, it may get another name when it is started again; --state-dir chooses another place`;
    case 'name_taken':
      return `another agent is called ${event.name}; this one is ${event.instead}`;
    case 'run_claimed':
      return `${ofRun(event)}: claimed`;
    case 'run_started':
      return `${ofRun(event)}: started`;
    case 'run_finished':
      return `${ofRun(event)}: ${event.state.name} in ${event.seconds.toFixed(1)} s`;
    case 'run_retries':
      return `${ofRun(event)}: failed, tried again in ${event.inSeconds.toFixed(1)} s`;
    case 'run_forgotten':
      return `${ofRun(event)}: no longer ours: ${event.reason}`;
    case 'run_given_back':
      return `${ofRun(event)}: given back: ${event.reason}`;
    case 'away':
      return `no answer from ${event.url}, trying again… (${event.reason})`;
    case 'back':
      return `${event.url} answers again`;
    case 'refused':
      return `the server refuses: ${event.message}`;
    case 'drained':
      return 'drained by an operator: claims no more runs, those it has go on';
    case 'undrained':
      return 'no longer drained: claims runs again';
    case 'unprotected':
      return `ECS does not protect this task: ${event.reason}`;
    case 'makes_way':
      return `lets its runs end and claims no more, so that ECS can stop this task: ${event.reason}`;
    case 'claims_again':
      return 'ECS did not stop this task: claims runs again';
    case 'draining':
      return event.runs === 0
        ? 'stopping'
        : `stopping once ${event.runs} run(s) have ended; again to stop now`;
    case 'stopped':
      return 'stopped';
  }
}

function ofRun({ runName, runId, attempt }: OfRun): string {
  return `run ${runName} ${runId} attempt ${attempt}`;
}

/** The state's name: its own, or its type's usual one. */
export function stateName(state: { type: StateType; name?: string | null | undefined }): string {
  return state.name ?? defaultName(state.type);
}
