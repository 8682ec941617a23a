import { isCompleted, STATE_NAME } from '../../model/runs/state.ts';
import type { ChildEnd, Thrown } from '../child/child-messages.ts';
import type { StateProposal } from '../wire.ts';

const NO_MESSAGE = 'The server did not accept the message of this state.';

/** The final state that a run gets when its child has ended in this way. */
export function stateOfEnd(end: ChildEnd): StateProposal {
  switch (end.type) {
    case 'returned':
      return { type: 'COMPLETED', data: JSON.parse(end.json) };
    case 'threw':
      return failed(`Flow run encountered an exception: ${thrownText(end.error)}`);
    case 'unfit':
      return failed(end.message);
    case 'not_loaded':
      return crashed(end.message);
    case 'exited':
      if (end.code === 0) return { type: 'COMPLETED' };
      return end.code === null
        ? crashed(`The command was killed by ${end.signal}.`)
        : failed(`The command exited with code ${end.code}.`);
    case 'died':
      return crashed(
        end.signal
          ? `The run's process was killed by ${end.signal}.`
          : `The run's process exited with code ${end.code} before the flow returned.`,
      );
  }
}

function failed(message: string): StateProposal {
  return { type: 'FAILED', message: shortened(message) };
}

export function crashed(message: string): StateProposal {
  return { type: 'CRASHED', message: shortened(message) };
}

export function cancelled(): StateProposal {
  return { type: 'CANCELLED', message: 'The agent stopped the run.' };
}

export function timedOut(seconds: number): StateProposal {
  return {
    type: 'FAILED',
    name: STATE_NAME.timedOut,
    message: `Flow run exceeded timeout of ${seconds} second(s).`,
  };
}

/**
 * The state to propose if the server cannot accept this final state: the same with less content.
 * Undefined if nothing is left to leave out.
 */
export function withLess(state: StateProposal, reason: string): StateProposal | undefined {
  if (isCompleted(state.type)) {
    const what = state.data === undefined ? 'The completed state' : 'The result';
    return failed(`${what} could not be kept: ${reason}`);
  }
  if (state.message === NO_MESSAGE) return undefined;
  return { ...state, message: NO_MESSAGE };
}

/** `TypeError: x is not a function` */
export function thrownText({ name, message }: Thrown): string {
  return message ? `${name}: ${message}` : name;
}

/** Shortens a message, which people read in lists. The run's logs have the whole text. */
function shortened(message: string): string {
  return message.length > 4_000 ? `${message.slice(0, 4_000)}…` : message;
}
