import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type FromServer = { readonly url: string } | ServerCounts;

/** Counters since the start of the server. */
interface ServerCounts {
  readonly claims: number;
  readonly lost: number;
}

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  counts(): Promise<ServerCounts>;
  stop(): Promise<void>;
}

/**
 * The server gets the Node options of this process: `node --cpu-prof scripts/bench/main.ts`
 * profiles both.
 */
export async function startServerProcess(dynamodbEndpoint: string): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [dynamodbEndpoint]);
  const exited = once(child, 'exit');
  const next = async <Message extends FromServer>(): Promise<Message> => {
    const ended = exited.then(([code, signal]) => {
      throw new Error(`The server ended by itself (${signal ?? code}).`);
    });
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message as Message;
  };
  const { url } = await next<{ url: string }>();
  return {
    url,
    pid: child.pid ?? 0,
    counts: () => {
      const answer = next<ServerCounts>();
      child.send('counts');
      return answer;
    },
    stop: async () => {
      child.disconnect();
      await exited;
    },
  };
}
