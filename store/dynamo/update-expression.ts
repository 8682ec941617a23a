/** Collects the parts of one UpdateItem. Every attribute gets a placeholder, for `name` and others are reserved words. */
export class UpdateExpression {
  readonly #names: Record<string, string> = {};
  readonly #values: Record<string, unknown> = {};
  readonly #set: string[] = [];
  readonly #add: string[] = [];
  readonly #remove: string[] = [];

  /** Leaves an attribute as it is where the value is undefined. */
  set(attributes: Readonly<Record<string, unknown>>): this {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.#set.push(`${this.#name(name)} = ${this.#value(name, value)}`);
    }
    return this;
  }

  /** Sets an attribute, unless it already has a value. */
  setOnce(name: string, value: unknown): this {
    const attribute = this.#name(name);
    this.#set.push(`${attribute} = if_not_exists(${attribute}, ${this.#value(name, value)})`);
    return this;
  }

  append(list: string, value: unknown): this {
    const attribute = this.#name(list);
    this.#set.push(`${attribute} = list_append(${attribute}, ${this.#value(list, [value])})`);
    return this;
  }

  increment(name: string): this {
    this.#add.push(`${this.#name(name)} ${this.#value('one', 1)}`);
    return this;
  }

  remove(...names: string[]): this {
    this.#remove.push(...names.map((name) => this.#name(name)));
    return this;
  }

  /** What an UpdateItem takes, with the values that its condition names. */
  with(conditionValues: Readonly<Record<string, unknown>> = {}) {
    const clauses = { SET: this.#set, ADD: this.#add, REMOVE: this.#remove };
    const text = Object.entries(clauses)
      .filter(([, parts]) => parts.length > 0)
      .map(([clause, parts]) => `${clause} ${parts.join(', ')}`)
      .join(' ');
    return {
      UpdateExpression: text,
      ExpressionAttributeNames: this.#names,
      ExpressionAttributeValues: { ...this.#values, ...conditionValues },
    };
  }

  #name(name: string): string {
    this.#names[`#${name}`] = name;
    return `#${name}`;
  }

  #value(name: string, value: unknown): string {
    this.#values[`:${name}`] = value;
    return `:${name}`;
  }
}
