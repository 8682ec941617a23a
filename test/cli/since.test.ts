import { expect, test } from 'vitest';
import { parseSince } from '../../cli/terminal/since.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');

test.each([
  ['90s', '2026-11-23T09:58:30.000Z'],
  ['30m', '2026-11-23T09:30:00.000Z'],
  ['1h', '2026-11-23T09:00:00.000Z'],
  ['2d', '2026-11-21T10:00:00.000Z'],
  ['999999d', '1970-01-01T00:00:00.000Z'],
  ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000Z'],
  ['2026-11-23T10:00+01:00', '2026-11-23T09:00:00.000Z'],
  ['2026-11-23T10:00:00.5Z', '2026-11-23T10:00:00.500Z'],
])('%s is %s', (text, iso) => {
  expect(parseSince(text, NOW)).toBe(iso);
});

test.each([
  '',
  '1',
  'h',
  '1w',
  '-1h',
  '1.5h',
  '1h30m',
  '2026-11-23',
  '2026-11-23T10:00:00',
  '2026-13-01T00:00:00Z',
])('%j is refused: which time it means would be a guess', (text) => {
  expect(() => parseSince(text, NOW)).toThrow('Expected a duration before now');
});
