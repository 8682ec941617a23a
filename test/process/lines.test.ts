import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { eachLine } from '../../process/lines.ts';

async function linesOf(...chunks: Array<string | Buffer>): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  const done = eachLine(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await done;
  return lines;
}

it('cuts at line ends, wherever the chunks were cut', async () => {
  expect(await linesOf('a', 'b\nc', '\n\nd\r', '\n')).toEqual(['ab', 'c', '', 'd']);
});

it('gives a last line without a line end', async () => {
  expect(await linesOf('a\nb')).toEqual(['a', 'b']);
});

it('keeps a character whole that two chunks share', async () => {
  const bytes = Buffer.from('né\n');
  expect(await linesOf(bytes.subarray(0, 2), bytes.subarray(2))).toEqual(['né']);
});

it('cuts a line that does not end', async () => {
  const lines = await linesOf('x'.repeat(150_000), '\nend');
  expect(lines.map((line) => line.length)).toEqual([65_536, 65_536, 18_928, 3]);
});

it('takes a broken stream for one that ended', async () => {
  const stream = new PassThrough();
  const lines: string[] = [];
  const done = eachLine(stream, (line) => lines.push(line));
  stream.once('data', () => stream.destroy(new Error('broken')));
  stream.write('half');
  await done;
  expect(lines).toEqual(['half']);
});
