import type { Command } from 'commander';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, parseId, withOperatorOptions } from '../command/operator-options.ts';
import { printSlots } from '../terminal/print-slots.ts';

/** Adds `dibs deployment slots`. */
export function registerDeploymentSlots(program: Command): void {
  const command = commandGroup(program, 'deployment', GROUPS.deployment)
    .command('slots')
    .description('list who holds the slots of the concurrency limit of a deployment')
    .argument('<id>', 'the deployment', parseId)
    .action(slots);
  withOperatorOptions(command);
}

async function slots(id: string, { url, json }: OperatorOptions): Promise<void> {
  await operate(url, async (client) => {
    printSlots(`Deployment ${id}`, await client.readDeploymentSlots({ id }), json);
  });
}
