import type { ApiError } from '../../client/index.ts';
import { UserError } from '../../local/user-error.ts';

/**
 * Creates a record, or reads the existing record of that name if its fields are as in `asked`.
 * @throws UserError if the existing record differs from `asked`; `change` says how to change it
 */
export async function createOrFind<Found extends object>(
  what: string,
  asked: object,
  how: {
    readonly exists: string;
    readonly create: () => Promise<Found>;
    readonly read: () => Promise<Found>;
    readonly change: string;
  },
): Promise<{ readonly record: Found; readonly created: boolean }> {
  try {
    return { record: await how.create(), created: true };
  } catch (error) {
    if ((error as ApiError).code !== how.exists) throw error;
  }
  const record = await how.read();
  const is = record as Readonly<Record<string, unknown>>;
  const others = Object.entries(asked).filter(([key, value]) => is[key] !== value);
  if (others.length === 0) return { record, created: false };
  const told = others.map(([key]) => `${key.replaceAll('_', ' ')} is ${JSON.stringify(is[key])}`);
  throw new UserError(`${what} already exists, but its ${told.join(' and its ')}. ${how.change}`);
}
