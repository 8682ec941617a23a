import type { Random } from '../random.ts';

export const VARIABLES = { v: { a: 1 }, text: 'v', number: 3, list: [1, 'a'] };

const JSONS = [
  '3',
  '"v"',
  '{"a": 1}',
  '[1, 2]',
  '{',
  '',
  'NaN',
  '[Infinity, "NaN"]',
  ' 7 ',
  'nope',
  '"{{ 1 }}"',
];
const JINJAS = [
  ...[
    '{{ 1 + 1 }}',
    'plain',
    '{{ name }}',
    '{{ 7 / 2 }}',
    '{{ 7 // 2 }}',
    '{{ -7 % 3 }}',
    '{{ 2 ** 70 }}',
  ],
  ...[
    '{{ "a" | upper }}',
    '{{ [1, "a", none, true] }}',
    '{% if 1 %}x{% else %}y{% endif %}',
    '{{ 1 / 0 }}',
  ],
  ...[
    '{% for i in range(3) %}{{ i }}{% endfor %}',
    '{{ range(1000) }}',
    '{{',
    '{% bad %}',
    '{{ 1 + }}',
  ],
  ...[
    '{{ "a" ~ 1.0 }}',
    '{{ name.a.b }}',
    '{{ name | default("d") }}',
    '{% set x = 1 %}{{ x }}',
    '{{ }}',
  ],
  ...['{{ 1 if none else 2 }}', '{{ 3 > 2 and "x" }}', '{{ "a" in "abc" }}', '{{ {"a": 1.5} }}'],
];
const NAMES = ['v', 'text', 'number', 'list', 'nowhere', ''];

/** Parameters with templates in them. */
export function templateOf(random: Random): object {
  const names = ['a', 'b', 'c'].slice(0, 1 + random.below(3));
  return Object.fromEntries(names.map((name) => [name, part(random, 2)]));
}

function part(random: Random, depth: number): unknown {
  const dice = random.next();
  if (depth > 0 && dice < 0.15) return random.several(2, () => part(random, depth - 1));
  if (depth > 0 && dice < 0.25) return { inside: part(random, depth - 1) };
  if (dice < 0.3) return random.pick<unknown>([1, 'text', null, true]);
  const kind = random.pick([
    'json',
    'json',
    'jinja',
    'jinja',
    'workspace_variable',
    'none',
    'other',
  ]);
  const key = { jinja: 'template', workspace_variable: 'variable_name' }[kind] ?? 'value';
  if (random.chance(0.08)) return { __prefect_kind: kind };
  if (depth > 0 && random.chance(0.2))
    return { __prefect_kind: kind, [key]: part(random, depth - 1) };
  const from = { jinja: JINJAS, workspace_variable: NAMES }[kind] ?? JSONS;
  return { __prefect_kind: kind, [key]: random.pick(from) };
}
