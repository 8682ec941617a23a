import { expect, test } from 'vitest';
import { Backlog } from '../../agent/logs/backlog.ts';

const line = (message: string) => ({ name: 'flow_run.stdout', level: 20, message, timestamp: '' });

test('lines as long as they may be push out the oldest, so that they take no more memory', () => {
  const backlog = new Backlog();
  const long = 'x'.repeat(1_000_000);
  let dropped = 0;
  for (let n = 0; n < 1_000; n++) dropped += backlog.add(line(long)).length;
  dropped += backlog.add(line('the last words')).length;
  expect(backlog.size).toBeLessThan(40);
  expect(dropped).toBe(1_001 - backlog.size);
  const kept = Array.from({ length: backlog.size }, () => backlog.take(500, 1_000_000)).flat();
  expect(kept.at(-1)?.message).toBe('the last words');
});

test('what a flow prints in a burst fits, and is taken in its order', () => {
  const backlog = new Backlog();
  let dropped = 0;
  for (let n = 0; n < 100_000; n++) dropped += backlog.add(line(`row ${n}`)).length;
  expect(dropped).toBe(0);
  const taken: string[] = [];
  while (backlog.size > 0) taken.push(...backlog.take(500, 1_000_000).map((one) => one.message));
  expect(taken).toHaveLength(100_000);
  expect([taken[0], taken[99_999]]).toEqual(['row 0', 'row 99999']);
});

test('a line that is too long for everything is kept until a newer one comes', () => {
  const backlog = new Backlog(100);
  expect(backlog.add(line('a'))).toEqual([]);
  expect(backlog.add(line('b')).map(({ message }) => message)).toEqual(['a']);
  expect(backlog.take(500, 0).map(({ message }) => message)).toEqual(['b']);
});
