import { DibsError } from '../../../model/values/errors.ts';

/**
 * A budget for walking a rule. Each day, period or date that is looked at is a step, so a rule
 * without dates, or with very many that do not count, cannot keep a process busy.
 */
export class Steps {
  readonly #most: number;
  readonly #what: string;
  #left: number;

  /** @param what the subject of the sentence that refuses the rule */
  constructor(most: number, what: string) {
    this.#most = most;
    this.#left = most;
    this.#what = what;
  }

  /** @throws DibsError invalid_request if the budget is used up */
  take(): void {
    this.#left -= 1;
    if (this.#left >= 0) return;
    const many = this.#most.toLocaleString('en-US');
    throw new DibsError('invalid_request', `${this.#what} within ${many} steps.`, {
      hint: 'Give a rule whose times are closer together, or an UNTIL in place of a large COUNT.',
    });
  }
}
