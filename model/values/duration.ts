const CLOCK = /^(-)?(?:(\d+) days?,? )?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/;
const ISO =
  /^(-)?P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const ISO_SECONDS = [7 * 86_400, 86_400, 3600, 60, 1];

/** The seconds of a duration as people write it, `PT1H` or `01:00:00`; undefined, if it is none. */
export function secondsOf(text: string): number | undefined {
  const clock = CLOCK.exec(text);
  if (clock) {
    const [, sign, days, hours, minutes, seconds] = clock;
    const units = [days, hours, minutes, seconds].map((one) => Number(one ?? 0));
    return signed(sign, total(units, [86_400, 3600, 60, 1]));
  }
  const [, sign, ...parts] = ISO.exec(text) ?? [];
  if (parts.every((part) => part === undefined)) return plainSeconds(text);
  const units = parts.map((part) => Number(part ?? 0));
  return signed(sign, total(units, ISO_SECONDS));
}

const plainSeconds = (text: string): number | undefined =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;

const total = (units: readonly number[], lengths: readonly number[]): number =>
  units.reduce((sum, count, index) => sum + count * (lengths[index] ?? 0), 0);

const signed = (sign: string | undefined, seconds: number): number => (sign ? -seconds : seconds);
