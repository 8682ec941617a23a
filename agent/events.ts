import { defaultName, type StateType } from '../model/runs/state.ts';

interface OfRun {
  readonly runId: string;
  readonly runName: string;
  readonly attempt: number;
}

/** What an agent reports about itself. */
export type AgentEvent =
  | {
      readonly type: 'session_opened';
      readonly sessionId: string;
      readonly name: string;
      readonly pool: string;
      readonly limit: number;
    }
  /** The server ended the session. The agent kills its children and opens a new session. */
  | { readonly type: 'session_lost'; readonly sessionId: string }
  /**
   * No heartbeat was answered for so long that the server may end the session. The agent kills its
   * children, and opens a new session in its place as soon as it can.
   */
  | { readonly type: 'cut_off'; readonly sessionId: string; readonly silentSeconds: number }
  /** The agent cannot store its session id, or cannot read the former one. Reported once. */
  | { readonly type: 'state_unusable'; readonly path: string; readonly reason: string }
  /** Another live agent has this name, so this agent uses the name in `instead`. */
  | { readonly type: 'name_taken'; readonly name: string; readonly instead: string }
  | ({ readonly type: 'run_claimed' } & OfRun)
  | ({ readonly type: 'run_started'; readonly pid: number | undefined } & OfRun)
  /** The server accepted the run's final state. */
  | ({
      readonly type: 'run_finished';
      readonly state: { readonly type: StateType; readonly name: string };
      readonly seconds: number;
    } & OfRun)
  /** The run failed, and this agent will retry it. */
  | ({ readonly type: 'run_retries'; readonly inSeconds: number } & OfRun)
  /** The agent no longer holds the run, and reports nothing more for it. */
  | ({ readonly type: 'run_forgotten'; readonly reason: string } & OfRun)
  | ({ readonly type: 'run_given_back'; readonly reason: string } & OfRun)
  /** The server does not answer. Reported once, until it answers again. */
  | { readonly type: 'away'; readonly url: string; readonly reason: string }
  | { readonly type: 'back'; readonly url: string }
  /** The server refuses a request. Reported once per message. */
  | { readonly type: 'refused'; readonly message: string }
  /** An operator told the agent to claim no more runs, until `undrained`. Its runs continue. */
  | { readonly type: 'drained' }
  | { readonly type: 'undrained' }
  /** ECS does not protect the agent's task. Reported once per reason. */
  | { readonly type: 'unprotected'; readonly reason: string }
  /**
   * The agent claims no more runs until `claims_again`, so that ECS can stop its task. Its runs
   * continue.
   */
  | { readonly type: 'makes_way'; readonly reason: string }
  | { readonly type: 'claims_again' }
  /** The agent has stopped, and the server had not accepted these lines of its runs' logs. */
  | { readonly type: 'lines_lost'; readonly lines: number }
  /** The agent was told to stop, and will stop when its runs have ended. */
  | { readonly type: 'draining'; readonly runs: number }
  | { readonly type: 'stopped' };

/** An event as a log line for people. */
export function eventText(event: AgentEvent): string {
  switch (event.type) {
    case 'session_opened':
      return `agent ${event.name} (session ${event.sessionId}) polls pool ${event.pool}, up to ${event.limit} at once`;
    case 'session_lost':
      return `the server ended session ${event.sessionId}: the agent stops its runs here and opens a new session`;
    case 'cut_off':
      return `no heartbeat was answered for ${event.silentSeconds.toFixed(0)} s: the server may end session ${event.sessionId} at any time, so the agent stops its runs here; it opens a new session once the server answers`;
    case 'state_unusable':
      return `${event.path} cannot be used (${event.reason}): if this agent is killed, it may get another name when it is restarted; choose another directory with --state-dir`;
    case 'name_taken':
      return `another agent has the name ${event.name}; this agent is called ${event.instead}`;
    case 'run_claimed':
      return `${ofRun(event)}: claimed`;
    case 'run_started':
      return `${ofRun(event)}: started`;
    case 'run_finished':
      return `${ofRun(event)}: ${event.state.name} in ${event.seconds.toFixed(1)} s`;
    case 'run_retries':
      return `${ofRun(event)}: failed, retried in ${event.inSeconds.toFixed(1)} s`;
    case 'run_forgotten':
      return `${ofRun(event)}: no longer held by this agent: ${event.reason}`;
    case 'run_given_back':
      return `${ofRun(event)}: given back: ${event.reason}`;
    case 'away':
      return `no answer from ${event.url}, retrying… (${event.reason})`;
    case 'back':
      return `${event.url} answers again`;
    case 'refused':
      return `the server refuses a request: ${event.message}`;
    case 'drained':
      return 'drained by an operator: the agent claims no more runs; the runs that it holds continue';
    case 'undrained':
      return 'no longer drained: the agent claims runs again';
    case 'unprotected':
      return `ECS does not protect this task: ${event.reason}`;
    case 'makes_way':
      return `the agent claims no more runs and lets its runs end, so that ECS can stop this task: ${event.reason}`;
    case 'claims_again':
      return 'ECS did not stop this task: the agent claims runs again';
    case 'lines_lost':
      return `${event.lines} line(s) of runs' logs were lost: the server did not accept them before the agent stopped`;
    case 'draining':
      return event.runs === 0
        ? 'stopping'
        : `stopping once ${event.runs} run(s) have ended; a second signal stops the agent at once`;
    case 'stopped':
      return 'stopped';
  }
}

function ofRun({ runName, runId, attempt }: OfRun): string {
  return `run ${runName} ${runId} attempt ${attempt}`;
}

/** The state's own name, or the default name of its type. */
export function stateName(state: { type: StateType; name?: string | null | undefined }): string {
  return state.name ?? defaultName(state.type);
}
