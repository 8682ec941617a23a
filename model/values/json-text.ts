/**
 * A JSON value, kept as the text in which it arrived. Big integers, `1.0` and the order of keys all
 * survive, because the text is parsed only where it must be. Used for parameters, state data, job
 * variables and templates.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  static of(value: unknown): JsonText {
    return new JsonText(JSON.stringify(value) ?? 'null');
  }

  /** The value as JavaScript sees it. Big integers lose digits: use it to inspect, not to store. */
  parse(): unknown {
    return JSON.parse(this.text);
  }

  get bytes(): number {
    return new TextEncoder().encode(this.text).length;
  }
}

export const EMPTY_OBJECT = new JsonText('{}');
