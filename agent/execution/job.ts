import { resolve } from 'node:path';
import type { Claim } from '../wire.ts';
import { asText, fill, onlyPlaceholder } from './fill-template.ts';
import { shellLine } from './shell-line.ts';

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

/**
 * The configuration of a pool whose template has none, as in Prefect's process pools. A template
 * that has one decides alone: what it does not name is not taken from anybody.
 */
const PROCESS = {
  command: '{{ command }}',
  env: '{{ env }}',
  working_dir: '{{ working_dir }}',
};

const HAS_NUL = 'holds a NUL character, which no process can be given.';

const ENTRYPOINT = /^(.+\.(?:ts|mts|js|mjs)):([A-Za-z_$][\w$]*)$/;

/**
 * Decides what to execute for a claimed run: the command that the pool's template writes, or the
 * flow that the deployment's entrypoint names, or else the command of the job variables, where the
 * template is `{{ command }}`. A pure function, except that it uses the current directory if the
 * deployment names none.
 */
export function resolveJob({ flow_run, deployment }: Claim, template: JobTemplate): Job {
  const values = {
    ...defaultsOf(template.variables),
    ...deployment?.job_variables,
    ...flow_run.job_variables,
  };
  const given = asObject(template.job_configuration);
  const { command, ...rest } = Object.keys(given).length > 0 ? given : PROCESS;
  const { env, working_dir } = fill(rest, values) as Record<string, unknown>;
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
  const theirs = typeof command === 'string' ? onlyPlaceholder(command) : undefined;
  if (typeof command === 'string' && command.trim() && theirs === undefined) {
    const filled = shellLine(command, values);
    if ('refused' in filled) return { type: 'nothing', message: inCode(filled.refused) };
    return ofCommand(filled.line, base);
  }
  const entrypoint = ENTRYPOINT.exec(deployment?.entrypoint ?? '');
  if (entrypoint?.[1] && entrypoint[2]) {
    return { type: 'flow', file: resolve(path, entrypoint[1]), exportName: entrypoint[2], ...base };
  }
  const line = theirs === undefined ? undefined : values[theirs];
  if (typeof line === 'string' && line.trim()) return ofCommand(line, base);
  return { type: 'nothing', message: nothing(deployment?.entrypoint, theirs) };
}

function ofCommand(command: string, base: { cwd: string; env: JobEnv }): Job {
  if (command.includes('\0')) return { type: 'nothing', message: `The command ${HAS_NUL}` };
  return { type: 'command', command, ...base };
}

const inCode = (name: string): string =>
  `The pool's template writes {{ ${name} }} into code for another interpreter, and this value of ` +
  `"${name}" has characters that could be code there. Expected letters, digits, spaces and ` +
  `_ @ % + = : , . / - only; or let the template pass it as an argument: ` +
  `sh -c 'make "$1"' sh {{ ${name} }}.`;

function nothing(entrypoint: string | null | undefined, variable: string | undefined): string {
  const seen = entrypoint ? `the entrypoint is ${entrypoint}` : 'there is no entrypoint';
  const command =
    variable === undefined
      ? "the pool's job template takes no command"
      : variable === 'command'
        ? 'no command is given'
        : `the job variable ${variable} is not given`;
  return (
    'Nothing to run. Expected a deployment with an entrypoint like flows.ts:hello (.ts, .mts, .js ' +
    `or .mjs), or the job variable command; ${seen}, and ${command}.`
  );
}

/** `{properties: {command: {default: 'x'}}}` -> `{command: 'x'}` */
function defaultsOf(variables: unknown): Record<string, unknown> {
  const properties = Object.entries(asObject(asObject(variables)['properties']));
  return Object.fromEntries(
    properties.map(([name, property]) => [name, asObject(property)['default'] ?? undefined]),
  );
}

function environment(env: unknown): JobEnv {
  return Object.fromEntries(
    Object.entries(asObject(env)).map(([name, value]) => [name, asText(value)]),
  );
}

function asObject(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
