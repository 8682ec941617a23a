/** Preloaded into a process, to make its wall clock wrong. Its monotonic clock stays right. */
export const SHIFT_BY = 'TEST_CLOCK_SHIFT_MS';

const shift = Number(process.env[SHIFT_BY] ?? 0);
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...args: [] | [number | string]) {
    if (args.length === 0) super(RealDate.now() + shift);
    else super(...args);
  }

  static override now(): number {
    return RealDate.now() + shift;
  }
}

if (shift !== 0) globalThis.Date = ShiftedDate as DateConstructor;
