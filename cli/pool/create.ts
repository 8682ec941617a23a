import type { Command } from 'commander';
import type { Client } from '../../client/index.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { createOrFind } from '../command/create-or-find.ts';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { parseLimit } from '../terminal/parse.ts';
import { printJson, printLine } from '../terminal/print.ts';

interface CreateOptions extends OperatorOptions {
  readonly type?: string;
  readonly description?: string;
  readonly limit?: number;
}

/** Adds `dibs pool create`. */
export function registerPoolCreate(program: Command): void {
  const command = commandGroup(program, 'pool', GROUPS.pool)
    .command('create')
    .description(
      'create a work pool and its default queue; succeeds if the pool already exists with these settings',
    )
    .argument('<name>', 'the work pool', parseName)
    .option('-t, --type <type>', 'what executes its runs (default: process)', parseName)
    .option('--description <text>', 'what the pool is for')
    .option('-l, --limit <n>', 'how many runs of the pool may be held at once', parseLimit)
    .action(create);
  withOperatorOptions(command);
}

/**
 * Creates a pool with the job template of its type, as `prefect work-pool create` does. If a pool
 * has no template, Prefect's workers try to set one, which only admins may do.
 */
async function createPool(
  client: Client,
  pool: { readonly name: string; readonly type: string },
): ReturnType<Client['createWorkPool']> {
  const packages = await client.readCollectionView({ view: 'aggregate-worker-metadata' });
  const type = Object.values(packages).find((types) => Object.hasOwn(types, pool.type))?.[
    pool.type
  ];
  const { default_base_job_configuration: template = {} } = (type ?? {}) as {
    default_base_job_configuration?: Record<string, unknown>;
  };
  return client.createWorkPool({ body: { ...pool, base_job_template: template } });
}

async function create(name: string, options: CreateOptions): Promise<void> {
  const { url, json, type, description, limit } = options;
  const asked = {
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    ...(limit === undefined ? {} : { concurrency_limit: limit }),
  };
  await operate(url, async (client) => {
    const { record, created } = await createOrFind(`Work pool ${name}`, asked, {
      exists: 'work_pool_exists',
      create: () => createPool(client, { name, type: 'process', ...asked }),
      read: () => client.readWorkPool({ name }),
      change: 'Use dibs pool limit to change its limit; its type cannot be changed.',
    });
    if (json) return printJson(record);
    if (created) return printLine(`Created work pool ${name} of type ${record.type}.`);
    printLine(`Work pool ${name} of type ${record.type} already exists; nothing was changed.`);
  });
}
