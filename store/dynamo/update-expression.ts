/**
 * Collects the parts of one UpdateItem. The attribute names must not be reserved words of DynamoDB.
 */
export class UpdateExpression {
  readonly values: Record<string, unknown> = {};
  readonly #set: string[] = [];
  readonly #add: string[] = [];
  readonly #remove: string[] = [];

  set(attributes: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(attributes)) {
      this.values[`:${name}`] = value;
      this.#set.push(`${name} = :${name}`);
    }
  }

  /** Sets an attribute, unless it already has a value. */
  setOnce(name: string, value: unknown): void {
    this.values[`:${name}`] = value;
    this.#set.push(`${name} = if_not_exists(${name}, :${name})`);
  }

  append(list: string, value: unknown): void {
    this.values[`:${list}`] = [value];
    this.#set.push(`${list} = list_append(${list}, :${list})`);
  }

  increment(name: string): void {
    this.values[':one'] = 1;
    this.#add.push(`${name} :one`);
  }

  remove(...names: string[]): void {
    this.#remove.push(...names);
  }

  get text(): string {
    const clauses = { SET: this.#set, ADD: this.#add, REMOVE: this.#remove };
    return Object.entries(clauses)
      .filter(([, parts]) => parts.length > 0)
      .map(([clause, parts]) => `${clause} ${parts.join(', ')}`)
      .join(' ');
  }
}
