import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { isDimensionValue } from '../../api/dimension.ts';
import type { Context } from '../../core/context.ts';
import type { Backlog } from '../../core/dispatch/backlog.ts';
import { type Instant, SECOND } from '../../model/values/instant.ts';
import type { Meter } from '../../store/dynamo/meter.ts';

export interface TelemetrySettings {
  /** Tells two stacks of one account apart: a dimension of every metric. */
  readonly stack: string;
  readonly metrics: boolean;
}

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

type Facts = Readonly<Record<string, string | undefined>>;

/** What a process of AWS Lambda says of itself: one call after the other, never two at once. */
export interface Telemetry extends Pick<Context, 'count' | 'tell' | 'log'>, Meter {
  /** Every line from here on tells these. `verb`: what the units of this call are for. */
  readonly begin: (verb: string, facts: Facts) => void;
  readonly end: (tookMs: number) => void;
  readonly backlog: (backlog: Backlog, now: Instant) => void;
}

const NAMESPACE = 'dibs';

/** Units that are not told with anything else wait for so long: a line per idle poll would cost more than the poll. */
const UNITS_EVERY_MS = 60_000;

/**
 * Logs are lines of JSON; metrics are such lines, too, in CloudWatch's embedded format, so that they cost
 * no call. What is counted is told at the end of the call. Request units are no metrics, which would cost by
 * the month: they are a field `units` of the next such line, or of one of their own once a minute, by verb.
 * Those of the last minute are lost with the process.
 */
export function createTelemetry({ stack, metrics }: TelemetrySettings): Telemetry {
  const logger = new Logger({ serviceName: 'dibs', logLevel: 'INFO' });
  const emf = new Metrics({ namespace: NAMESPACE, serviceName: 'dibs' });
  emf.setDefaultDimensions({ stack });
  const units = new UnitsByVerb();
  let verb = '';
  let claims = 0;
  let isToldNow = false;
  const add = (name: string, unit: Unit, value: number) => {
    if (!metrics) return;
    isToldNow = true;
    emf.addMetric(name, unit, value);
  };

  return {
    begin(asked, facts) {
      verb = asked;
      claims = 0;
      logger.resetKeys();
      logger.appendKeys({ ...facts });
    },
    count(metric, by) {
      // Those of Prefect's path are no calls of claim(): tell() hears of all.
      if (by > 0 && metric !== 'claims') add(metric, MetricUnit.Count, by);
    },
    tell({ runId, sessionId, worker, waited }) {
      logger.info('claimed', { run_id: runId, session_id: sessionId, worker_name: worker });
      claims += 1;
      add('claims', MetricUnit.Count, 1);
      if (waited !== undefined) add('waited', MetricUnit.Milliseconds, Math.max(0, waited / 1000));
    },
    log({ level, message, facts, error }) {
      logger[level](message, { ...facts, ...(error instanceof Error ? { error } : {}) });
    },
    units: (kind, used) => units.add(verb, kind, used),
    throttled: () => add('throttled', MetricUnit.Count, 1),
    backlog({ pool, waiting, oldestAt, idle }, now) {
      const oldest = oldestAt === null ? 0 : Math.max(0, (now - oldestAt) / SECOND);
      add('oldest_waiting', MetricUnit.Seconds, oldest);
      if (!metrics || !isDimensionValue(pool)) return;
      const ofPool = (name: string, unit: Unit, value: number) => {
        const line = emf.singleMetric();
        line.addDimension('pool', pool);
        line.addMetric(name, unit, value);
      };
      ofPool('backlog', MetricUnit.Count, waiting);
      ofPool('idle', MetricUnit.Count, idle);
      ofPool('oldest_waiting', MetricUnit.Seconds, oldest);
    },
    end(tookMs) {
      if (claims > 0) add('claim_latency', MetricUnit.Milliseconds, tookMs);
      const used = isToldNow || units.isDue(Date.now()) ? units.take(Date.now()) : undefined;
      if (isToldNow) {
        emf.addMetadata('units', JSON.stringify(used));
        emf.publishStoredMetrics();
      } else if (used) {
        logger.info('units', { units: JSON.stringify(used) });
      }
      isToldNow = false;
    },
  };
}

/** Request units, by what they were for. */
class UnitsByVerb {
  #byVerb: Record<string, { read: number; write: number; calls: number }> = {};
  #toldAt = Date.now();

  add(verb: string, kind: 'read' | 'write', used: number): void {
    const sum = this.#byVerb[verb] ?? { read: 0, write: 0, calls: 0 };
    this.#byVerb[verb] = sum;
    sum[kind] += used;
    sum.calls += 1;
  }

  isDue(now: number): boolean {
    return now - this.#toldAt >= UNITS_EVERY_MS && Object.keys(this.#byVerb).length > 0;
  }

  take(now: number) {
    const taken = this.#byVerb;
    this.#byVerb = {};
    this.#toldAt = now;
    return taken;
  }
}
