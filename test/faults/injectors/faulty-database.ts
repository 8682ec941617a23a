import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';

const WRITES = new Set(['UpdateItem', 'PutItem', 'DeleteItem', 'TransactWriteItems']);

export type DatabaseFault = 'throttled' | 'conflict' | 'killed';

/**
 * Faults that DynamoDB Local never has by itself. They are made inside the SDK's client, so the
 * rest of the server sees what the SDK would return.
 */
export class FaultyDatabase {
  #fault: DatabaseFault | undefined;
  /** The number of calls that pass before the fault. */
  #before = 0;
  /** The number of calls that fail. */
  #left = 0;
  #struck = false;
  #killed = Promise.withResolvers<void>();

  /** Makes this many calls fail, from the nth on. Only writes count, except for throttling. */
  arm(fault: DatabaseFault, nth: number, times = 1): void {
    this.#fault = fault;
    this.#before = nth - 1;
    this.#left = times;
    this.#struck = false;
    this.#killed = Promise.withResolvers();
  }

  /** Stops the fault, and returns whether any call failed. */
  disarm(): boolean {
    this.#fault = undefined;
    return this.#struck;
  }

  /** Resolves when the server has been killed. */
  get killed(): Promise<void> {
    return this.#killed.promise;
  }

  attach = (client: DynamoDBClient): void => {
    // A killed process does nothing more, so the call never returns.
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
