import type { FromChild, ToChild } from './child-messages.ts';

/**
 * A message between an agent and its child, either way. The flow shares its end of the channel, and
 * libraries speak on it unasked (`process.send('ready')`): what lacks the marker is not ours.
 */
export interface Marked<Message> {
  /** Random, one per child; the order, which comes before the flow is loaded, brings it. */
  readonly marker: string;
  readonly message: Message;
}

/** What our part of the child says; undefined for whatever else comes out of it. */
export function fromChild(raw: unknown, marker: string): FromChild | undefined {
  const message = unwrap<FromChild>(raw, marker);
  switch (message?.type) {
    case 'log':
      return typeof message.message === 'string'
        ? { ...message, level: levelOf(message.level) }
        : undefined;
    case 'end':
      return typeof message.end?.type === 'string' ? message : undefined;
    case 'loaded':
      return message;
    default:
      return undefined;
  }
}

/** What the agent says; undefined for whatever else the flow makes of `process`. */
export function toChild(raw: unknown, marker: string): ToChild | undefined {
  return unwrap<ToChild>(raw, marker);
}

function unwrap<Message>(raw: unknown, marker: string): Message | undefined {
  if (raw === null || typeof raw !== 'object') return undefined;
  const { marker: carried, message } = raw as Partial<Marked<Message>>;
  if (carried !== marker || message === null || typeof message !== 'object') return undefined;
  return message;
}

/** The server takes whole numbers. */
function levelOf(level: unknown): number {
  return Number.isFinite(level) ? Math.min(100, Math.max(0, Math.round(level as number))) : 0;
}
