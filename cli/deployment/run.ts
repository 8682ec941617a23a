import { type Command, Option } from 'commander';
import { isCompleted } from '../../model/runs/state.ts';
import { commandGroup, GROUPS } from '../command/command-group.ts';
import { operate } from '../command/operate.ts';
import { type OperatorOptions, withOperatorOptions } from '../command/operator-options.ts';
import { parseFlowAndName, parseIn, parseParam, parseTime } from '../terminal/parse.ts';
import { printJson, printLine, shortTime } from '../terminal/print.ts';

interface RunOptions extends OperatorOptions {
  readonly param?: Record<string, unknown>;
  readonly at?: string;
  readonly in?: string;
  readonly wait?: true;
}

/** Adds `dibs deployment run`. */
export function registerDeploymentRun(program: Command): void {
  const command = commandGroup(program, 'deployment', GROUPS.deployment)
    .command('run')
    .description('create a run of a deployment')
    .argument('<flow/name>', 'the deployment', parseFlowAndName)
    .addOption(
      new Option(
        '--param <name=value>',
        'a parameter, as JSON or text (may be repeated)',
      ).argParser(parseParam),
    )
    .addOption(
      new Option('--at <time>', 'start the run at this time: 2026-11-23T10:00:00Z').argParser(
        parseTime,
      ),
    )
    .addOption(
      new Option('--in <time>', 'start the run after this time: 90s, 30m, 1h, 2d')
        .argParser((text) => parseIn(text))
        .conflicts('at'),
    )
    .option('--wait', 'wait until the run has ended; exit code 1 unless it is COMPLETED')
    .addHelpText(
      'after',
      '\nExample:\n  dibs deployment run etl/nightly --param day=3 --in 10m --wait',
    )
    .action(run);
  withOperatorOptions(command);
}

async function run(
  name: { flow: string; deployment: string },
  { url, json, param, at, in: soon, wait }: RunOptions,
): Promise<void> {
  const { findDeployment } = await import('./find-deployment.ts');
  const { waitForRun } = await import('../command/wait-for-run.ts');
  const time = at ?? soon;
  await operate(url, async (client) => {
    const { id } = await findDeployment(client, name);
    const made = await client.createFlowRunFromDeployment({
      id,
      body: {
        ...(param ? { parameters: param } : {}),
        ...(time ? { state: { type: 'SCHEDULED', state_details: { scheduled_time: time } } } : {}),
      },
    });
    if (!json) {
      const start = time ? `, to start at ${shortTime(made.expected_start_time)}` : '';
      printLine(`Created run ${made.name} (${made.id})${start}.`);
    }
    if (!wait) {
      if (json) printJson(made);
      return;
    }
    const ended = await waitForRun(client, made.id);
    if (json) printJson(ended);
    else printLine(`The run is ${ended.state_name}.${said(ended.state?.message)}`);
    if (!isCompleted(ended.state_type)) process.exitCode = 1;
  });
}

const said = (message: string | null | undefined): string => (message ? ` ${message}` : '');
