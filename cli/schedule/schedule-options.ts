import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { parseFlowAndName } from '../terminal/parse.ts';
import { printJson, printLine } from '../terminal/print.ts';

type Deployment = Awaited<ReturnType<Client['readDeployment']>>;
export type Schedule = Deployment['schedules'][number];
type Change = Parameters<Client['updateDeploymentSchedule']>[0]['body'];
export interface FlowAndName {
  readonly flow: string;
  readonly deployment: string;
}

/** `dibs schedule <verb> <flow/name> [schedule]`. */
export function scheduleCommand(program: Command, verb: string, description: string): Command {
  const command = commandGroup(program, 'schedule', GROUPS.schedule)
    .command(verb)
    .description(description)
    .argument('<flow/name>', 'the deployment', parseFlowAndName)
    .argument(
      '[schedule]',
      'the slug or id of the schedule; not needed if the deployment has only one',
      parseName,
    );
  return withOperatorOptions(command);
}

/** A schedule of a deployment, by its slug or id; the only one where none is named. */
interface WhichSchedule {
  readonly name: FlowAndName;
  readonly which: string | undefined;
}

/** Changes one schedule, and prints its new state: the result of `said`, or JSON. */
export async function changeSchedule(
  { name, which }: WhichSchedule,
  { url, json }: OperatorOptions,
  change: Change,
  said: (schedule: Schedule) => string,
): Promise<void> {
  const { findDeployment } = await import('../deployment/find-deployment.ts');
  await operate(url, async (client) => {
    const deployment = await findDeployment(client, name);
    const { id } = pick(deployment.schedules, which, `${name.flow}/${name.deployment}`);
    await client.updateDeploymentSchedule({
      id: deployment.id,
      schedule_id: id,
      body: change,
    });
    const all = await client.readDeploymentSchedules({ id: deployment.id });
    const changed = pick(all, id, `${name.flow}/${name.deployment}`);
    if (json) return printJson(changed);
    printLine(`Schedule ${labelOf(changed)} of ${name.flow}/${name.deployment} ${said(changed)}.`);
  });
}

function pick(all: readonly Schedule[], which: string | undefined, deployment: string): Schedule {
  const found = all.filter(
    ({ id, slug }) => which === undefined || slug === which || id === which.toLowerCase(),
  );
  const [one] = found;
  if (one && found.length === 1) return one;
  if (all.length === 0) throw new UserError(`${deployment} has no schedules.`);
  const wanted = which === undefined ? 'Name the schedule' : `There is no schedule ${which}`;
  throw new UserError(`${wanted}. ${deployment} has: ${all.map(labelOf).join(', ')}.`);
}

/** What a schedule is called on the command line: its slug, or its id if it has no slug. */
export const labelOf = ({ slug, id }: Schedule): string => slug ?? id;
