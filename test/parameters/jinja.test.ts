import { expect, test } from 'vitest';
import { render } from '../../core/parameters/jinja/render.ts';
import { JinjaFault, JinjaUnsupported } from '../../core/parameters/jinja/values.ts';

/** What Prefect 3.8.8 and 3.9.1 answer. */
test.each([
  ['plain', 'plain'],
  ['{{ 1 + 1 }}', '2'],
  ['{{ 7 / 2 }} {{ 4 / 2 }} {{ 7 // 2 }} {{ -7 % 3 }}', '3.5 2.0 3 2'],
  ['{{ 2 ** 70 }}', '1180591620717411303424'],
  ['{{ 0.1 + 0.2 }} {{ 1.50 ~ none }}', '0.30000000000000004 1.5None'],
  ['{{ name }}{{ name.first.x }}', ''],
  ['{% for i in range(3) %}{{ i }},{% endfor %}', '0,1,2,'],
  ['{% for c in "ab" %}{{ loop.index }}{{ c }}{% endfor %}', '1a2b'],
  ['{% if 2 > 1 and not name %}yes{% else %}no{% endif %}', 'yes'],
  ['{% set x = 3 %}{{ x }}', '3'],
  ['{{ [1, "a", none, true] }} {{ {"a": 1} }}', "[1, 'a', None, True] {'a': 1}"],
  ['{{ "a" | upper }}{{ "" | default("x", true) }}{{ [1, 2] | join("-") }}', 'Ax1-2'],
  ['{{ "yes" if "a" in ["a"] else "no" }}', 'yes'],
  ['{{ name is defined }}', 'False'],
])('%j makes %j', (template, text) => {
  expect(render(template)).toBe(text);
});

const nested = (loops: number) => '{% for a in [1] %}'.repeat(loops) + '{% endfor %}'.repeat(loops);

test.each([
  ['{{ 1 + 1 }', ''],
  ['{{', "unexpected 'end of template'"],
  ['{% if 1 %}x', ''],
  ['{% bad %}', "Encountered unknown tag 'bad'."],
  ['{{ 1 / 0 }}', 'division by zero'],
  ['{{ now() }}', "'now' is undefined"],
  ['{{ range(1000) }}', 'Range too big'],
  [nested(3), 'nested for loops'],
  ['{% for a in [1] %}{% endfor %}'.repeat(11), 'Contains 11 for loops'],
])('%j is refused: %s', (template, why) => {
  expect(() => render(template)).toThrow(JinjaFault);
  expect(() => render(template)).toThrow(why);
});

test.each([
  '{% raw %}a{% endraw %}',
  '{% macro m() %}{% endmacro %}',
  '{{ "a" | wordwrap }}',
  '{{ "a".upper() }}',
  '{{ 1 is odd }}',
])('%j needs a part that is missing here, and is told so', (template) => {
  expect(() => render(template)).toThrow(JinjaUnsupported);
});

const LOOP = '{% for a in range(100) %}{% for b in range(100) %}';
test.each([
  ['a long text', `${LOOP}{{ "${'a'.repeat(500)}" }}{% endfor %}{% endfor %}`],
  ['a large number', '{{ 9 ** 999999999 }}'],
  ['a large product', `{{ ${'9 ** 1000 * '.repeat(20)}1 }}`],
  ['many steps', `${LOOP}${'{{ 1 }}'.repeat(50)}{% endfor %}{% endfor %}`],
  ['a text that doubles', `{% set a = "aaaaaaaaaa" %}${'{% set a = a ~ a %}'.repeat(40)}`],
  ['a list that doubles', `{% set a = [1] %}${'{% set a = a + a %}'.repeat(40)}`],
  ['brackets without end', `{{ ${'('.repeat(4000)} }}`],
  ['a long template', `{{ 1 }}${' '.repeat(11_000)}`],
])('a template ends early that makes %s', (_, template) => {
  expect(() => render(template)).toThrow(JinjaFault);
});
