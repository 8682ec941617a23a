import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';

const WRITES = new Set(['UpdateItem', 'PutItem', 'DeleteItem', 'TransactWriteItems']);

export type DatabaseFault = 'throttled' | 'conflict' | 'killed';

/**
 * Faults that DynamoDB Local never has by itself, made inside of the SDK's client: what the rest of the
 * server sees is what the SDK would tell it.
 */
export class FaultyDatabase {
  #fault: DatabaseFault | undefined;
  /** Calls that pass before it. */
  #before = 0;
  /** Calls it strikes. */
  #left = 0;
  #struck = false;
  #killed = Promise.withResolvers<void>();

  /** From the nth call on (of writes only, but for throttling), so many fail. */
  arm(fault: DatabaseFault, nth: number, times = 1): void {
    this.#fault = fault;
    this.#before = nth - 1;
    this.#left = times;
    this.#struck = false;
    this.#killed = Promise.withResolvers();
  }

  /** Whether anything was struck; nothing is from now on. */
  disarm(): boolean {
    this.#fault = undefined;
    return this.#struck;
  }

  /** Settles when the server has been killed. */
  get killed(): Promise<void> {
    return this.#killed.promise;
  }

  attach = (client: DynamoDBClient): void => {
    // A process that was killed does nothing more, whatever comes back to it.
    let dead = false;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (dead) return never();
        const command = String(context['commandName']).replace(/Command$/, '');
        const isWrite = WRITES.has(command);
        const fault = isWrite || this.#fault === 'throttled' ? this.#strike() : undefined;
        if (fault === 'throttled') throw throttled();
        if (fault === 'conflict') throw conflict(command);
        const result = await next(args);
        if (fault !== 'killed') return result;
        dead = true;
        this.#killed.resolve();
        return never();
      },
      { step: 'initialize' },
    );
  };

  #strike(): DatabaseFault | undefined {
    if (this.#fault === undefined) return undefined;
    if (this.#before > 0) {
      this.#before--;
      return undefined;
    }
    if (this.#left === 0) return undefined;
    this.#left--;
    this.#struck = true;
    return this.#fault;
  }
}

const never = <Value>(): Promise<Value> => new Promise(() => {});

const throttled = () =>
  Object.assign(new Error('Throughput exceeds the current capacity of your table.'), {
    name: 'ThrottlingException',
  });

function conflict(command: string): Error {
  const told = { message: 'Transaction is ongoing for the item.', $metadata: {} };
  if (command !== 'TransactWriteItems') return new TransactionConflictException(told);
  const CancellationReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];
  return new TransactionCanceledException({ ...told, CancellationReasons });
}
