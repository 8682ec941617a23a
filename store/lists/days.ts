import type { Dynamo } from '../dynamo/dynamo.ts';
import { get } from '../dynamo/read.ts';
import { update } from '../dynamo/write.ts';
import { daysKey } from '../table/keys.ts';

/**
 * The days on which runs were created. A list of all runs reads these partitions of the timeline
 * and no others. Each process records a day once, before it writes its first run of that day: one
 * write unit per process and day.
 */
export interface Days {
  note(day: string): Promise<void>;
  list(): Promise<string[]>;
}

export function createDays(db: Dynamo): Days {
  const noted = new Map<string, Promise<unknown>>();
  return {
    async note(day) {
      const noting = noted.get(day) ?? add(db, day);
      noted.set(day, noting);
      try {
        await noting;
      } catch (error) {
        noted.delete(day);
        throw error;
      }
    },
    async list() {
      const item = await get(db, daysKey);
      return [...((item?.['days'] as Set<string> | undefined) ?? [])];
    },
  };
}

const add = (db: Dynamo, day: string) =>
  update(db, daysKey, {
    UpdateExpression: 'ADD days :day',
    ExpressionAttributeValues: { ':day': new Set([day]) },
    ReturnValues: 'NONE',
  });
