import { Steps, TooManySteps } from '../schema/steps.ts';
import { binary, filtered } from './operators.ts';
import { DEEPEST, type Node, parsed } from './template.ts';
import {
  bounded,
  isList,
  isTrue,
  itemsOf,
  JinjaFault,
  JinjaUnsupported,
  numberOf,
  str,
  type Value,
} from './values.ts';

/** Prefect's bound on range(). */
const RANGE = 100;
/** Steps of about a microsecond that one template may take. */
const STEPS = 100_000;

type Names = Map<string, Value>;

/**
 * The text that a Jinja template makes. Prefect gives the templates of parameters no values, so only
 * what stands in the template itself is there.
 * @throws JinjaFault, JinjaUnsupported
 */
export function render(template: string): string {
  const body = parsed(template);
  if (!/\{\{|\{%/.test(template)) return template;
  try {
    return new Rendering().text(body, new Map());
  } catch (error) {
    if (error instanceof TooManySteps) throw new JinjaFault('the template takes too many steps');
    throw error;
  }
}

class Rendering {
  readonly #steps = new Steps(STEPS);
  #depth = 0;

  text(body: readonly Node[], names: Names): string {
    let text = '';
    for (const one of body) text = bounded(text + this.#statement(one, names), this.#steps);
    return text;
  }

  #statement(node: Node, names: Names): string {
    switch (node.type) {
      case 'Comment':
        return '';
      case 'If': {
        const branch = isTrue(this.#value(node['test'], names)) ? 'body' : 'alternate';
        return this.text(node[branch] as Node[], names);
      }
      case 'For':
        return this.#loop(node, names);
      case 'Set': {
        const name = nameOf(node['assignee']);
        if (!node['value']) throw new JinjaUnsupported('{% set %} as a block');
        names.set(name, this.#value(node['value'], names));
        return '';
      }
      default:
        return str(this.#value(node, names));
    }
  }

  #loop(node: Node, names: Names): string {
    const items = itemsOf(this.#value(node['iterable'], names));
    if (items.length === 0) return this.text(node['defaultBlock'] as Node[], names);
    const name = nameOf(node['loopvar']);
    let text = '';
    for (const [index, item] of items.entries()) {
      const loop = new Map<string, Value>([
        ['index', BigInt(index + 1)],
        ['index0', BigInt(index)],
        ['first', index === 0],
        ['last', index === items.length - 1],
        ['length', BigInt(items.length)],
      ]);
      // What a loop sets is gone after each round, as in Jinja.
      const inside = new Map([...names, [name, item], ['loop', loop]]);
      text = bounded(text + this.text(node['body'] as Node[], inside), this.#steps);
    }
    return text;
  }

  #value(node: unknown, names: Names): Value {
    this.#steps.take(1);
    if (++this.#depth > DEEPEST) throw new JinjaFault('the template is nested too deeply');
    try {
      return this.#expression(node as Node, names);
    } finally {
      this.#depth--;
    }
  }

  #expression(node: Node, names: Names): Value {
    const value = (part: string): Value => this.#value(node[part], names);
    switch (node.type) {
      case 'IntegerLiteral':
        return BigInt(node['value'] as number);
      case 'FloatLiteral':
      case 'StringLiteral':
        return node['value'] as Value;
      case 'ArrayLiteral':
        return (node['value'] as Node[]).map((one) => this.#value(one, names));
      case 'ObjectLiteral':
        return new Map(
          [...(node['value'] as Map<Node, Node>)].map(([key, one]) => [
            str(this.#value(key, names)),
            this.#value(one, names),
          ]),
        );
      case 'Identifier':
        return named(node['value'] as string, names);
      case 'Ternary':
        return isTrue(value('condition')) ? value('trueExpr') : value('falseExpr');
      case 'UnaryExpression': {
        const operator = (node['operator'] as { value: string }).value;
        if (operator === 'not') return !isTrue(value('argument'));
        const number = numberOf(value('argument'));
        return operator === '-' ? -number : number;
      }
      case 'BinaryExpression':
        return this.#binary(node, names);
      case 'MemberExpression':
        return member(
          value('object'),
          node['computed'] ? value('property') : nameOf(node['property']),
        );
      case 'FilterExpression': {
        const { name, args } = this.#called(node['filter'] as Node, names);
        return filtered(name, value('operand'), args, this.#steps);
      }
      case 'TestExpression': {
        if (nameOf(node['test']) !== 'defined')
          throw new JinjaUnsupported('tests other than "defined"');
        return (value('operand') !== undefined) !== node['negate'];
      }
      case 'CallExpression':
        return range(this.#called(node, names));
      default:
        throw new JinjaUnsupported(`a part of the kind ${node.type}`);
    }
  }

  #binary(node: Node, names: Names): Value {
    const operator = (node['operator'] as { value: string }).value;
    const left = this.#value(node['left'], names);
    if (operator === 'and') return isTrue(left) ? this.#value(node['right'], names) : left;
    if (operator === 'or') return isTrue(left) ? left : this.#value(node['right'], names);
    return binary(operator, left, this.#value(node['right'], names), this.#steps);
  }

  #called(node: Node, names: Names): { name: string; args: Value[] } {
    if (node.type === 'Identifier') return { name: nameOf(node), args: [] };
    const args = (node['args'] as Node[]).map((one) => this.#value(one, names));
    return { name: nameOf(node['callee']), args };
  }
}

function nameOf(node: unknown): string {
  const { type, value } = node as Node;
  if (type !== 'Identifier') throw new JinjaUnsupported(`a part of the kind ${type} as a name`);
  return value as string;
}

const CONSTANTS: ReadonlyMap<string, Value> = new Map(
  (['true', 'false', 'none'] as const).flatMap((name) => {
    const value = { true: true, false: false, none: null }[name];
    return [
      [name, value],
      [name.charAt(0).toUpperCase() + name.slice(1), value],
    ] as const;
  }),
);

const named = (name: string, names: Names): Value =>
  CONSTANTS.has(name) ? CONSTANTS.get(name) : names.get(name);

function member(value: Value, key: Value): Value {
  if (value === undefined) return undefined;
  if (value instanceof Map) return value.get(str(key));
  if ((typeof value === 'string' || isList(value)) && typeof key === 'bigint') {
    return itemsOf(value).at(Number(key));
  }
  throw new JinjaUnsupported('methods and attributes of values');
}

function range({ name, args }: { name: string; args: readonly Value[] }): Value {
  if (name !== 'range') throw new JinjaFault(`'${name}' is undefined`);
  const [from, to, step = 1n] = args.length === 1 ? [0n, args[0]] : args;
  if (
    typeof from !== 'bigint' ||
    typeof to !== 'bigint' ||
    typeof step !== 'bigint' ||
    step === 0n
  ) {
    throw new JinjaFault('range() takes integers');
  }
  const found: bigint[] = [];
  for (let at = from; step > 0n ? at < to : at > to; at += step) {
    if (found.push(at) > RANGE) {
      throw new JinjaFault(
        `Range too big. The sandbox blocks ranges larger than MAX_TEMPLATE_RANGE=${RANGE}.`,
      );
    }
  }
  return found;
}
