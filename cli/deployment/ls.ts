import type { Command } from 'commander';
import { allPages } from '../command/all-pages.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { printJson, printLine, printTable } from '../terminal/print.ts';

interface LsOptions extends OperatorOptions {
  readonly pool?: string;
}

/** Adds `dibs deployment ls`. */
export function registerDeploymentLs(program: Command): void {
  const command = commandGroup(program, 'deployment', GROUPS.deployment)
    .command('ls')
    .description('list deployments: how and where flows run')
    .option('-p, --pool <name>', 'only deployments in this work pool', parseName)
    .action(ls);
  withOperatorOptions(command);
}

async function ls({ url, json, pool }: LsOptions): Promise<void> {
  const { flowNames } = await import('./find-deployment.ts');
  await operate(url, async (client) => {
    // The filter finds nothing for an unknown pool, which would look like a pool with no
    // deployments.
    if (pool !== undefined) await client.readWorkPool({ name: pool });
    const which = pool === undefined ? {} : { work_pools: { name: { any_: [pool] } } };
    const found = await allPages((page) =>
      client.filterDeployments({ body: { ...which, ...page } }),
    );
    if (json) return printJson(found);
    if (found.length === 0) {
      return printLine(
        pool === undefined
          ? 'There are no deployments yet.'
          : `There are no deployments in ${pool}.`,
      );
    }
    const flows = await flowNames(client, found);
    const rows = found.map((one) => [
      `${flows.get(one.flow_id) ?? '?'}/${one.name}`,
      one.work_pool_name === null ? '' : `${one.work_pool_name}/${one.work_queue_name ?? ''}`,
      one.paused ? 'PAUSED' : one.status,
      one.global_concurrency_limit ? String(one.global_concurrency_limit.limit) : '',
      one.tags.join(', '),
      one.id,
    ]);
    rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    printTable(['NAME', 'QUEUE', 'STATUS', 'LIMIT', 'TAGS', 'ID'], rows);
  });
}
