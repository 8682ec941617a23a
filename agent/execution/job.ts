import { resolve } from 'node:path';
import type { Claim } from '../wire.ts';

/** What to execute for a run. */
export type Job =
  | {
      readonly type: 'flow';
      readonly file: string;
      readonly exportName: string;
      readonly cwd: string;
      readonly env: JobEnv;
    }
  | {
      readonly type: 'command';
      readonly command: string;
      readonly cwd: string;
      readonly env: JobEnv;
    }
  /** Nothing can be executed. The message says why, without any values: they may be secret. */
  | { readonly type: 'nothing'; readonly message: string };

/** Variables that override the agent's own environment. Undefined removes a variable. */
export type JobEnv = Readonly<Record<string, string | undefined>>;

/** The parts of a pool's base_job_template that the agent uses. */
export interface JobTemplate {
  readonly job_configuration?: unknown;
  readonly variables?: unknown;
}

/** Defaults for fields that the pool's template does not mention. */
const CONFIGURATION = {
  command: '{{ command }}',
  env: '{{ env }}',
  working_dir: '{{ working_dir }}',
};

const HAS_NUL = 'holds a NUL character, which no process can be given.';

const ENTRYPOINT = /^(.+\.(?:ts|mts|js|mjs)):([A-Za-z_$][\w$]*)$/;

/**
 * Decides what to execute for a claimed run: the flow that its deployment's entrypoint names, or
 * else the command of its job variables. A pure function, except that it uses the current directory
 * if the deployment names none.
 */
export function resolveJob({ flow_run, deployment }: Claim, template: JobTemplate): Job {
  const values = {
    ...defaultsOf(template.variables),
    ...deployment?.job_variables,
    ...flow_run.job_variables,
  };
  const configuration = { ...CONFIGURATION, ...asObject(template.job_configuration) };
  const { command, env, working_dir } = fill(configuration, values) as Record<string, unknown>;
  const path = deployment?.path ?? process.cwd();
  const base = {
    cwd: resolve(typeof working_dir === 'string' && working_dir ? working_dir : path),
    env: environment(env),
  };
  const unusable = Object.entries(base.env).find((entry) => entry.join('').includes('\0'))?.[0];
  if (unusable !== undefined) {
    const name = JSON.stringify(unusable);
    return { type: 'nothing', message: `The environment variable ${name} ${HAS_NUL}` };
  }
  const entrypoint = ENTRYPOINT.exec(deployment?.entrypoint ?? '');
  if (entrypoint?.[1] && entrypoint[2]) {
    return { type: 'flow', file: resolve(path, entrypoint[1]), exportName: entrypoint[2], ...base };
  }
  if (typeof command === 'string' && command.trim()) {
    if (command.includes('\0')) return { type: 'nothing', message: `The command ${HAS_NUL}` };
    return { type: 'command', command, ...base };
  }
  return { type: 'nothing', message: nothing(deployment?.entrypoint) };
}

function nothing(entrypoint: string | null | undefined): string {
  const seen = entrypoint ? `the entrypoint is ${entrypoint}` : 'there is no entrypoint';
  return (
    'Nothing to run. Expected a deployment with an entrypoint like flows.ts:hello (.ts, .mts, .js ' +
    `or .mjs), or the job variable command; ${seen}, and no command is given.`
  );
}

/** `{properties: {command: {default: 'x'}}}` -> `{command: 'x'}` */
function defaultsOf(variables: unknown): Record<string, unknown> {
  const properties = Object.entries(asObject(asObject(variables)['properties']));
  return Object.fromEntries(
    properties.map(([name, property]) => [name, asObject(property)['default'] ?? undefined]),
  );
}

/**
 * Replaces each `{{ name }}` by its value, at any depth. A text that is one placeholder and nothing
 * else becomes the value itself. In other texts, an object becomes JSON and a missing value becomes
 * nothing.
 */
function fill(template: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(template)) return template.map((element) => fill(element, values));
  if (template !== null && typeof template === 'object') {
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) => [key, fill(value, values)]),
    );
  }
  if (typeof template !== 'string') return template;
  const whole = /^\s*\{\{\s*(\w+)\s*\}\}\s*$/.exec(template)?.[1];
  if (whole !== undefined) return values[whole];
  return template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => asText(values[name]) ?? '');
}

function environment(env: unknown): JobEnv {
  return Object.fromEntries(
    Object.entries(asObject(env)).map(([name, value]) => [name, asText(value)]),
  );
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function asObject(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
