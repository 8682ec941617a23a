import { cutText } from '../model/values/cut-text.ts';
import { NUMBERS } from '../model/values/numbers.ts';

/**
 * Cuts the texts of a record that are too long for it, and remembers the whole ones. Names and tags
 * are made while flows run, so a long one is no reason to refuse a request.
 */
export class CutTexts {
  readonly #whole: string[] = [];

  cut<Text extends string | null | undefined>(
    what: string,
    text: Text,
    most: number = NUMBERS.shortText,
  ): Text {
    if (text == null) return text;
    if (text.length > most) this.#whole.push(`${what}: ${text}`);
    return cutText(text, most) as Text;
  }

  tags(tags: readonly string[]): string[] {
    return tags.map((tag) => this.cut('tag', tag, NUMBERS.tag));
  }

  /** What was cut, as a log line; undefined: nothing. */
  get told(): string | undefined {
    if (this.#whole.length === 0) return undefined;
    return ['Texts that were too long were cut. In whole:', ...this.#whole].join('\n');
  }
}
