import { expect } from 'vitest';
import { dibs } from './cli-process.ts';

/** The output that a person sees, with placeholders for the parts that differ each time. */
export async function seen(url: string, line: string): Promise<string> {
  const { code, out, err } = await dibs(url, line.split(' '));
  const text = [out, err].filter(Boolean).join('\n');
  return `${normalised(text)}\n(${code})`;
}

const normalised = (text: string) =>
  text
    // A column is as wide as its widest cell, which may be a random name.
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?Z/g, '<time>')
    .replaceAll(/(?<=[Rr]un {1,2}|<id> {2})[a-z]+-[a-z]+/g, '<name>');

export async function asJson(url: string, line: string): Promise<unknown> {
  const { code, out, err } = await dibs(url, [...line.split(' '), '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}
