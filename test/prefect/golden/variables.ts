import { randomUUID } from 'node:crypto';

const VARIABLE = /(?<!\{)\{([a-zA-Z][\w:+-]*)\}(?!\})/g;
const TIME = /^(now|text)([+-]\d+)?$/;

/**
 * The same value for every way to write one instant, to the microsecond. Undefined for any other
 * text.
 */
export function instantOf(text: string): string | undefined {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const digits = /\.(\d+)/.exec(text)?.[1] ?? '';
  return `${milliseconds}.${digits.padEnd(6, '0').slice(3, 6)}`;
}

/** A case needs a variable that no earlier case has saved. */
export class Missing extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`no value for ${variable}`);
    this.variable = variable;
  }
}

/**
 * The variables of one scenario, new each time it is played: `{tag}`, a unique tag; `{uuid:a}`, one
 * UUID per label; `{now+30}`, 30 seconds after its start; `{text+30}`, the same time as Python
 * prints it; `{long:600}`, 600 letters; and the variables that cases saved.
 */
export class Variables {
  readonly tag = randomUUID().slice(0, 8);
  /** The name that replaces a value in a recording, by that value: an id or an instant. */
  readonly nameOfId = new Map<string, string>();
  readonly nameOfTime = new Map<string, string>();
  readonly #saved = new Map<string, string>();
  readonly #times = new Map<string, number>();
  readonly #start = Math.floor(Date.now() / 1000) * 1000;

  save(name: string, value: string): void {
    this.#saved.set(name, value);
    const id = value.toLowerCase();
    if (this.nameOfId.has(id)) return;
    // A variable may get another value later. A value keeps its first name.
    const times = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, times);
    this.nameOfId.set(id, times === 1 ? name : `${name} ${times}`);
  }

  fillIn<Value>(value: Value): Value {
    return this.#fill(value) as Value;
  }

  #fill(value: unknown): unknown {
    if (typeof value === 'string') return this.#fillText(value);
    if (Array.isArray(value)) return value.map((one) => this.#fill(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [this.#fillText(key), this.#fill(one)]),
    );
  }

  #fillText(text: string): string {
    const filled = text.replaceAll(VARIABLE, (_, name: string) => this.#valueOf(name));
    const at = /^\d{4}-\d\d-\d\d[T ]/.test(filled) ? instantOf(filled) : undefined;
    if (at && !this.nameOfTime.has(at)) {
      this.nameOfTime.set(at, text.replaceAll(/[{}]/g, '').replace('text', 'now'));
    }
    return filled;
  }

  #valueOf(name: string): string {
    if (name === 'tag') return this.tag;
    if (name.startsWith('long:')) return 'x'.repeat(Number(name.slice(5)));
    const saved = this.#saved.get(name);
    if (saved !== undefined) return saved;
    const [time, kind, seconds = '0'] = TIME.exec(name) ?? [];
    if (time) {
      const iso = new Date(this.#start + Number(seconds) * 1000).toISOString();
      return kind === 'now' ? iso : iso.replace('T', ' ').replace('Z', '000+00:00');
    }
    if (!name.startsWith('uuid:')) throw new Missing(name);
    this.save(name, randomUUID());
    return this.#valueOf(name);
  }
}
