import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** All props are optional: `new Dibs(this, 'Dibs')` is safe for production. */
export interface DibsProps {
  /**
   * An existing table: one that was restored from a backup (docs/upgrades.md lists what it needs).
   * With it, `removalPolicy` and `pointInTimeRecovery` have no effect. A table that this construct
   * created before leaves the stack: it is kept if it was deployed with RETAIN, and deleted if with
   * DESTROY. So deploy it with RETAIN first if you want to keep it.
   * @default a new table
   */
  readonly table?: ITable;
  /**
   * What happens to the table when the stack is deleted. DESTROY also turns deletion protection
   * off: every run, log and schedule is deleted with the stack.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether the table can be restored to any second of the last 35 days. The price depends on its
   * size.
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;
  /**
   * Your own KMS key for the table and the on-failure queue. Its use costs money, and disabling it
   * stops everything. Changing it later re-encrypts the table, without downtime.
   * @default keys that AWS owns, at no cost
   */
  readonly encryptionKey?: IKey;
  /**
   * A domain name of your own for the API. Point it to `dibs.domainTarget` with an alias record.
   * @default the name that API Gateway assigns; it changes if the API is replaced
   */
  readonly domain?: { readonly name: string; readonly certificate: ICertificate };
  /**
   * How many requests the API accepts per second, and in a burst. Further requests get 429, and
   * agents retry them. This bounds what a runaway client can cost.
   * @default rate 2000, burst 4000
   */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
  /**
   * How long API Gateway caches the authorizer's answers, and so how long a revoked key may still
   * be accepted. 0 calls the authorizer for each request, which costs a read unit and a Lambda
   * call. Whole seconds, at most an hour.
   * @default Duration.seconds(60)
   */
  readonly authorizerCache?: Duration;
  /**
   * Memory of the two API Lambdas, in MB. Their CPU is proportional to it. With less memory a
   * millisecond costs less, but requests take longer.
   * @default 1024
   */
  readonly memorySize?: number;
  /**
   * How long logs are kept. Logs cost money by size, mostly when they are written, a little while
   * they are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Whether to log a line per request: id, route, status, latency, key. Never a body, a header or a
   * query.
   * @default true
   */
  readonly accessLogs?: boolean;
  /**
   * Whether to write metrics in the namespace `dibs`. Four of the alarms need them, and a fifth
   * then covers indexes too, not the table alone. Each metric costs money in every month in which
   * it is written; idle stacks write none. A `DibsAgentService` needs them to scale.
   * @default true
   */
  readonly metrics?: boolean;
  /**
   * The event bus for EventBridge events about state changes of runs. Each event costs money.
   * `false`: no events.
   * @default the account's default bus
   */
  readonly events?: IEventBus | false;
  /**
   * The alarms and their thresholds; `false`: none. There are eleven, and ten per account are free.
   * @default all alarms, with the thresholds below, and no topic
   */
  readonly alarms?: DibsAlarmProps | false;
  /**
   * Whether to create a CloudWatch dashboard. Three per account are free.
   * @default true
   */
  readonly dashboard?: boolean;
}

/** The alarms' thresholds. docs/operations.md says what each alarm means and what to do. */
export interface DibsAlarmProps {
  /**
   * The SNS topic that is notified when an alarm begins and when it ends.
   * @default none: alarms are only shown in the console
   */
  readonly topic?: ITopic;
  /**
   * The alarm begins if the oldest run that could be claimed has waited longer than this.
   * @default Duration.minutes(15)
   */
  readonly oldestWaiting?: Duration;
  /**
   * The alarm begins if more runs than this were recovered from dead agents within five minutes.
   * @default 10
   */
  readonly recoveries?: number;
  /**
   * The alarm begins if more requests than this were answered with 5xx within five minutes.
   * @default 5
   */
  readonly serverErrors?: number;
}
