/** Questions to a person at a terminal. */

/** Says what is wrong with an answer, as a sentence. Null: nothing is. */
export type AnswerCheck = (answer: string) => Promise<string | null> | string | null;

interface Question {
  readonly asks: string;
  /** Why it is asked, in one line. */
  readonly why: string;
}

interface TextQuestion extends Question {
  /** An example. It is shown while nothing is typed. */
  readonly such?: string;
  /** It is typed already, and may be changed. */
  readonly initial?: string | undefined;
  readonly check: AnswerCheck;
}

/** The answer is not shown. */
interface SecretQuestion extends Question {
  readonly check: AnswerCheck;
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

interface ChoiceQuestion extends Question {
  readonly choices: readonly Choice[];
  readonly initial?: string | undefined;
}

interface SomeQuestion extends Question {
  readonly choices: readonly Choice[];
  /** These are chosen already. */
  readonly initial: readonly string[];
}

interface YesQuestion extends Question {
  readonly initial: boolean;
}

/**
 * Asks one question after the other. A question is asked again until its answer is right, and answers are trimmed.
 * After Ctrl+C each method throws {@link AbandonedError}.
 */
export interface Questions {
  text(question: TextQuestion): Promise<string>;
  secret(question: SecretQuestion): Promise<string>;
  choose(question: ChoiceQuestion): Promise<string>;
  /** At least one. */
  chooseSome(question: SomeQuestion): Promise<readonly string[]>;
  confirm(question: YesQuestion): Promise<boolean>;
  /** Says something between two questions. */
  say(text: string, kind?: 'news' | 'success' | 'failure'): void;
}

/** The person ended the questions. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
}
