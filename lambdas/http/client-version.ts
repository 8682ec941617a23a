/** A version of Prefect's client: its three numbers, and what follows them (`rc1`, `.dev2`, `+5`). */
interface Version {
  readonly numbers: readonly number[];
  readonly rest: string;
}

/** Prefect's clients call themselves `prefect/3.8.8 (API 0.8.4)`. */
const USER_AGENT = /^prefect\/(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(\S{0,100}) \(API \S+\)/;

/**
 * Whether the client says that it is of this version or an older one. A client that says nothing is
 * taken for a new one.
 */
export function isPrefectUpTo(userAgent: string | undefined, numbers: readonly number[]): boolean {
  const version = versionIn(userAgent);
  if (!version) return false;
  const at = numbers.findIndex((number, i) => number !== version.numbers[i]);
  if (at >= 0) return (version.numbers[at] ?? 0) < (numbers[at] ?? 0);
  // 3.3.7rc1 comes before 3.3.7, and a local or post release after it.
  return !/^(\+|\.?post|\.[0-9])/.test(version.rest);
}

function versionIn(userAgent: string | undefined): Version | undefined {
  const [, major, minor, patch = '0', rest = ''] = USER_AGENT.exec(userAgent ?? '') ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return { numbers: [Number(major), Number(minor), Number(patch)], rest };
}
