import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/** A small value under a name, which flows and job templates read. */
export interface Variable {
  readonly id: string;
  readonly name: string;
  readonly value: JsonText;
  readonly tags: readonly string[];
  /** Grows with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Variables: a small set, each under a name of its own. */
export interface VariableStore {
  /** Once per name. */
  createVariable(variable: Variable): Promise<'created' | 'exists'>;
  readVariable(name: string): Promise<Variable | undefined>;
  /** The name that the one with this id has. */
  readVariableName(id: string): Promise<string | undefined>;
  listVariables(): Promise<Variable[]>;
  /** 'outrun' where `formerName` is not of the generation just before this one, or gone. */
  updateVariable(variable: Variable, formerName: string): Promise<'updated' | 'outrun' | 'exists'>;
  deleteVariable(variable: Variable): Promise<'deleted' | 'missing'>;
}
