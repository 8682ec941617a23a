import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { allPages } from '../command/all-pages.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, withOperatorOptions } from '../command/operator-options.ts';
import { parseFlowAndName } from '../terminal/parse.ts';
import { printJson, printLine, printTable } from '../terminal/print.ts';
import { type FlowAndName, labelOf, type Schedule } from './schedule-options.ts';

/** Adds `dibs schedule ls`. */
export function registerScheduleLs(program: Command): void {
  const command = commandGroup(program, 'schedule', GROUPS.schedule)
    .command('ls')
    .description('list the schedules of one deployment or of all')
    .argument('[flow/name]', 'the deployment', parseFlowAndName)
    .action(ls);
  withOperatorOptions(command);
}

async function ls(name: FlowAndName | undefined, { url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    const deployments = await deploymentsOf(client, name);
    const all = deployments.flatMap(({ schedules }) => schedules);
    if (json) return printJson(all);
    if (all.length === 0) return printLine('There are no schedules.');
    const { flowNames } = await import('../deployment/find-deployment.ts');
    const flows = await flowNames(client, deployments);
    const rows = deployments.flatMap((one) =>
      one.schedules.map((schedule) => [
        `${flows.get(one.flow_id) ?? '?'}/${one.name}`,
        labelOf(schedule),
        ruleOf(schedule),
        statusOf(schedule, one.paused),
        schedule.late_policy === 'skip'
          ? `skip after ${schedule.late_grace_seconds} s`
          : schedule.late_policy,
      ]),
    );
    rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    printTable(['DEPLOYMENT', 'SCHEDULE', 'RULE', 'STATUS', 'LATE RUNS'], rows);
    for (const one of deployments) {
      for (const schedule of one.schedules) {
        const { set_aside: aside, notices = [] } = schedule;
        const name = `${flows.get(one.flow_id) ?? '?'}/${one.name}: ${labelOf(schedule)}`;
        if (aside) printLine(`${name} is set aside. ${aside}`);
        for (const notice of notices) printLine(`${name}: ${notice}`);
      }
    }
  });
}

async function deploymentsOf(client: Client, name: FlowAndName | undefined) {
  const { findDeployment } = await import('../deployment/find-deployment.ts');
  if (name !== undefined) return [await findDeployment(client, name)];
  return allPages((page) => client.filterDeployments({ body: page }));
}

function ruleOf({ schedule }: Schedule): string {
  const zone = schedule.timezone ? ` (${schedule.timezone})` : '';
  if ('cron' in schedule) return `cron ${schedule.cron}${zone}`;
  if ('rrule' in schedule) return `${schedule.rrule}${zone}`;
  return `every ${schedule.interval} s from ${schedule.anchor_date}${zone}`;
}

function statusOf({ active, set_aside: aside }: Schedule, paused: boolean): string {
  if (aside) return 'SET ASIDE';
  if (!active) return 'PAUSED';
  return paused ? 'DEPLOYMENT PAUSED' : 'ACTIVE';
}
