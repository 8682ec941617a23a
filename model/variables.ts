import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/** A small value with a name, which flows and job templates read. */
export interface Variable {
  readonly id: string;
  readonly name: string;
  readonly value: JsonText;
  readonly tags: readonly string[];
  /** Grows by one with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Variables. There are few, each with a name of its own. */
export interface VariableStore {
  /** One per name. */
  createVariable(variable: Variable): Promise<'created' | 'exists'>;
  readVariable(name: string): Promise<Variable | undefined>;
  /** The name of the variable with this id. */
  readVariableName(id: string): Promise<string | undefined>;
  listVariables(): Promise<Variable[]>;
  /** 'outrun': the variable `formerName` is gone, or not of the generation just before this one. */
  updateVariable(variable: Variable, formerName: string): Promise<'updated' | 'outrun' | 'exists'>;
  /** 'outrun': the variable is not there under this name. It was deleted or renamed. */
  deleteVariable(variable: Variable): Promise<'deleted' | 'outrun'>;
}
