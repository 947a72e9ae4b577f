import type { Clock } from '../time/clock.ts';
import { explainTrouble } from './explain-trouble.ts';
import type { CheckSubject } from './subject.ts';
import type { Trouble } from './trouble.ts';

/** Tells failures of CareSoft that end the check from those that the next request may do without. */
export class Troubles {
  readonly #subject: CheckSubject;
  readonly #clock: Pick<Clock, 'now'>;
  hasAnswered = false;

  constructor(subject: CheckSubject, clock: Pick<Clock, 'now'>) {
    this.#subject = subject;
    this.#clock = clock;
  }

  /** @throws the error itself, where it is none of CareSoft's. */
  explain(error: unknown): Trouble {
    const { baseUrl, reading } = this.#subject;
    const trouble = explainTrouble(error, {
      baseUrl,
      zoneName: reading.zone.name,
      now: this.#clock.now(),
      hasAnswered: this.hasAnswered,
    });
    if (trouble === null) throw error;
    return trouble;
  }

  /**
   * What is found, or what `otherwise` makes of a trouble that can be passed over.
   *
   * @throws the error itself, where it ends the check.
   */
  async attempt<Result>(
    look: () => Promise<Result>,
    otherwise: (trouble: Trouble) => Result,
  ): Promise<Result> {
    try {
      return await look();
    } catch (error) {
      const trouble = this.explain(error);
      if (trouble.isFinal) throw error;
      return otherwise(trouble);
    }
  }
}
