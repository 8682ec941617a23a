import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  update(finished: number): void;
  /** Prints a line of text. */
  say(line: string): void;
  stop(): void;
}

/** Without a terminal, a line is printed each time this many more runs have finished. */
const LINE_EVERY = 25;

export function startProgress(total: number): Progress {
  return process.stdout.isTTY ? startBar(total) : startLines(total);
}

function startBar(total: number): Progress {
  const format = '{bar} {value} of {total} runs finished, {duration} s';
  const bar = new SingleBar(
    // The demo handles signals itself.
    { format, stream: process.stdout, gracefulExit: false },
    Presets.shades_classic,
  );
  let value = 0;
  let stopped = false;
  bar.start(total, value);
  return {
    update: (finished) => {
      if (stopped) return;
      value = finished;
      bar.update(finished);
    },
    say: (line) => {
      bar.stop();
      console.log(line);
      bar.start(total, value);
    },
    stop: () => {
      if (!stopped) bar.stop();
      stopped = true;
    },
  };
}

function startLines(total: number): Progress {
  let said = 0;
  return {
    update: (finished) => {
      if (finished < said + LINE_EVERY && (finished < total || said === total)) return;
      said = finished < total ? finished - (finished % LINE_EVERY) : total;
      console.log(`${finished} of ${total} runs finished`);
    },
    say: (line) => console.log(line),
    stop: () => {},
  };
}
