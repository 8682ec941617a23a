import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** `new Dibs(this, 'Dibs')` is safe for production. Everything here is optional. */
export interface DibsProps {
  /**
   * A table that is there already: one that was restored from a backup (docs/upgrades.md says what it needs).
   * Then `removalPolicy` and `pointInTimeRecovery` do nothing, and a table that this construct had made
   * before is let go of: kept, unless it was made with DESTROY. Deploy it with RETAIN first, or it is deleted.
   * @default a new one
   */
  readonly table?: ITable;
  /**
   * What becomes of the table when the stack is deleted. DESTROY also takes deletion protection away:
   * every run, log and schedule goes with the stack.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether the table can be restored as it was at any second of the last 35 days. Costs by its size.
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;
  /**
   * A key of yours for the table and the on-failure queue. It costs by its use, and who disables it
   * stops everything. Changing it later re-encrypts the table, without downtime.
   * @default keys that AWS owns, at no cost
   */
  readonly encryptionKey?: IKey;
  /**
   * A name of your own for the API. Point it at `dibs.domainTarget` with an alias record.
   * @default the name that API Gateway gives; it changes if the API is replaced
   */
  readonly domain?: { readonly name: string; readonly certificate: ICertificate };
  /**
   * Requests per second, and at once, that the API takes; more are answered 429, and agents ask again.
   * It bounds what a runaway client can cost.
   * @default rate 2000, burst 4000
   */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
  /**
   * For how long API Gateway keeps the authorizer's answers: so long may a revoked key still pass. 0 asks
   * each time, which costs a read unit and a call of a Lambda per request. Whole seconds, an hour at most.
   * @default Duration.seconds(60)
   */
  readonly authorizerCache?: Duration;
  /**
   * Memory of the Lambdas of the API, in MB; CPU comes with it. Less costs less per millisecond and takes
   * more of them.
   * @default 1024
   */
  readonly memorySize?: number;
  /**
   * How long logs are kept. They cost by size when they are written, and a little while they are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * A line per request: id, route, status, latency, key. Never a body, a header or a query.
   * @default true
   */
  readonly accessLogs?: boolean;
  /**
   * Metrics in the namespace `dibs`, and by them four of the alarms; a fifth then looks at the table alone. Each
   * costs per month in which it is told; idle stacks tell none. A `DibsAgentService` needs them, to scale.
   * @default true
   */
  readonly metrics?: boolean;
  /**
   * Where state changes of runs are told as EventBridge events. They cost per event; `false`: none are told.
   * @default the account's default bus
   */
  readonly events?: IEventBus | false;
  /**
   * Alarms, and when they ring. `false`: none. There are eleven; CloudWatch has ten free per account.
   * @default all, with the thresholds below, and no topic
   */
  readonly alarms?: DibsAlarmProps | false;
  /**
   * A CloudWatch dashboard. Three per account are free.
   * @default true
   */
  readonly dashboard?: boolean;
}

/** When alarms ring. docs/operations.md has a paragraph for each: what it means, what to do. */
export interface DibsAlarmProps {
  /**
   * Told when an alarm rings, and when it is over.
   * @default nobody: alarms are shown in the console
   */
  readonly topic?: ITopic;
  /**
   * The oldest run that could be claimed has waited for longer.
   * @default Duration.minutes(15)
   */
  readonly oldestWaiting?: Duration;
  /**
   * More runs than this were taken from dead agents within five minutes.
   * @default 10
   */
  readonly recoveries?: number;
  /**
   * More requests than this were answered 5xx within five minutes.
   * @default 5
   */
  readonly serverErrors?: number;
}
