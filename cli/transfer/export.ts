import type { Command } from 'commander';
import { operate } from '../command/operate.ts';
import {
  type OperatorOptions,
  parseName,
  withOperatorOptions,
} from '../command/operator-options.ts';
import { countOf, printJson, printLine } from '../terminal/print.ts';

interface ExportOptions extends OperatorOptions {
  readonly out?: string;
}

/** Adds `dibs export`. */
export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description(
      'write pools, queues, limits, variables, flows and deployments, one line of JSON each',
    )
    .option('-o, --out <file>', 'write to this file (default: standard output)', parseName)
    .addHelpText(
      'after',
      '\nRuns and blocks are not exported. Variables are exported with their values, so --out ' +
        'creates a file that only you can read.',
    )
    .action(exportAll);
  withOperatorOptions(command);
}

async function exportAll({ url, json, out }: ExportOptions): Promise<void> {
  const { readServer } = await import('./read-server.ts');
  await operate(
    url,
    async (client) => {
      const records = await readServer(client, url, (note) => console.error(note));
      const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      if (out === undefined) {
        process.stdout.write(lines);
        return;
      }
      await writeWhole(out, lines);
      if (json) return printJson({ file: out, records: records.length });
      printLine(`Wrote ${countOf(records.length, 'record')} to ${out}.`);
    },
    { exactNumbers: true, anyShape: true },
  );
}

/** Writes the whole file or nothing: half a file would be imported as if it were complete. */
async function writeWhole(file: string, text: string): Promise<void> {
  const { rename, rm, writeFile } = await import('node:fs/promises');
  const { UserError } = await import('../../local/user-error.ts');
  const beside = `${file}.${process.pid}.part`;
  try {
    await writeFile(beside, text, { mode: 0o600, flag: 'wx' });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw new UserError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
