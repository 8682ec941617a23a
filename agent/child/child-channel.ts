import type { FromChild, ToChild } from './child-messages.ts';

/**
 * A message between an agent and its child, in either direction. The flow shares the child's end of
 * the channel, and libraries send their own messages on it (`process.send('ready')`). Only messages
 * with the marker are ours.
 */
export interface Marked<Message> {
  /**
   * Random, one per child. The child learns it from the order, which arrives before the flow is
   * loaded.
   */
  readonly marker: string;
  readonly message: Message;
}

/** The message that our code in the child sent. Undefined for any other message from the child. */
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

/**
 * The message that the agent sent. Undefined for any other message, such as one the flow emits
 * itself.
 */
export function toChild(raw: unknown, marker: string): ToChild | undefined {
  return unwrap<ToChild>(raw, marker);
}

function unwrap<Message>(raw: unknown, marker: string): Message | undefined {
  if (raw === null || typeof raw !== 'object') return undefined;
  const { marker: carried, message } = raw as Partial<Marked<Message>>;
  if (carried !== marker || message === null || typeof message !== 'object') return undefined;
  return message;
}

/** A log level that the server accepts: a whole number from 0 to 100. */
function levelOf(level: unknown): number {
  return Number.isFinite(level) ? Math.min(100, Math.max(0, Math.round(level as number))) : 0;
}
