/**
 * A JSON value kept as the text it came in: big integers, `1.0`, key order and all survive, because
 * nothing here parses it unless it has to. Parameters, state data, job variables, templates.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  static of(value: unknown): JsonText {
    return new JsonText(JSON.stringify(value) ?? 'null');
  }

  /** The value as JavaScript sees it. Big integers lose digits here: use it to look, not to store. */
  parse(): unknown {
    return JSON.parse(this.text);
  }

  get bytes(): number {
    return new TextEncoder().encode(this.text).length;
  }
}

export const EMPTY_OBJECT = new JsonText('{}');
