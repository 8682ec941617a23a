import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { isDimensionValue } from '../../api/dimension.ts';
import type { Context } from '../../core/context.ts';
import type { Backlog } from '../../core/dispatch/backlog.ts';
import { type Instant, SECOND } from '../../model/values/instant.ts';
import type { Meter } from '../../store/dynamo/meter.ts';

export interface TelemetrySettings {
  /** A dimension of every metric, which distinguishes the stacks of one account. */
  readonly stack: string;
  readonly metrics: boolean;
}

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

type Facts = Readonly<Record<string, string | undefined>>;

/** The logs and metrics of a Lambda process, which handles one call at a time. */
export interface Telemetry extends Pick<Context, 'count' | 'tell' | 'log'>, Meter {
  /**
   * From here on every log line has these facts. `verb`: what this call's request units are for.
   */
  readonly begin: (verb: string, facts: Facts) => void;
  readonly end: (tookMs: number) => void;
  readonly backlog: (backlog: Backlog, now: Instant) => void;
}

const NAMESPACE = 'dibs';

/**
 * Request units that no other line carries are logged only this often: a line per idle poll would
 * cost more than the poll.
 */
const UNITS_EVERY_MS = 60_000;

/**
 * Logs are lines of JSON. Metrics are lines in CloudWatch's embedded format, so they cost no
 * request. What is counted during a call is written at its end. Request units are not metrics,
 * which would cost by the month: they are a field `units` of the next such line, or of a line of
 * their own once a minute, by verb. The units of a process's last minute are lost.
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
      // Claims on Prefect's path do not go through claim(), so tell() counts all of them.
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

/** Request units, by the verb that they were used for. */
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
