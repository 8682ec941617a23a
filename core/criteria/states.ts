import type { StateType } from '../../model/runs/state.ts';
import { combine, type Matches, type Operator, of } from './criteria.ts';
import { amongIds } from './text.ts';

interface AmongTypes {
  readonly any_?: readonly StateType[] | null | undefined;
  readonly not_any_?: readonly StateType[] | null | undefined;
}

interface AmongStateNames {
  readonly any_?: readonly string[] | null | undefined;
  readonly not_any_?: readonly string[] | null | undefined;
}

export interface StateFilter {
  readonly operator?: Operator | null | undefined;
  readonly type?: AmongTypes | null | undefined;
  readonly name?: AmongStateNames | null | undefined;
}

/** A state as responses show it: with the name Late if the run is late. */
export interface StateFacts {
  readonly type: StateType;
  readonly name: string;
}

export const matchesState = (filter: StateFilter): Matches<StateFacts> =>
  combine<StateFacts>(filter.operator, [
    of(filter.type, amongIds, ({ type }) => type),
    of(filter.name, amongIds, ({ name }) => name),
  ]);
