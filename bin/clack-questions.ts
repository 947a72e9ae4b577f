import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import {
  autocompleteMultiselect,
  type CANCEL_SYMBOL,
  confirm,
  isCancel,
  log,
  multiselect,
  password,
  S_BAR,
  select,
  settings,
  text,
} from '@clack/prompts';
import { AbandonedError, type AnswerCheck, type Questions } from './questions.ts';
import { wrap } from './table.ts';

/** A longer list can be searched by typing. */
const MOST_ON_ONE_SCREEN = 12;
const USUAL_COLUMNS = 80;
/** The bar at the left, and the blanks behind it. */
const BAR_COLUMNS = 3;

/** Asks at a terminal. */
export function openQuestions(input: Readable, output: Writable & { readonly columns?: number }): Questions {
  // Escape ends nothing: a person may press it by chance. Ctrl+D ends the questions as Ctrl+C does.
  settings.aliases.delete('escape');
  settings.aliases.set('\u0004', 'cancel');
  const at = { input, output };
  const columns = (): number => (output.columns || USUAL_COLUMNS) - BAR_COLUMNS;
  return {
    text: async ({ asks, why, such, initial, check }) => {
      const answer = await text({
        ...at,
        message: withBar(asks, why),
        ...(such !== undefined && { placeholder: such }),
        ...(initial !== undefined && { initialValue: initial }),
        validate: toValidation(check, columns),
      });
      return unlessAbandoned(answer).trim();
    },
    secret: async ({ asks, why, check }) => {
      const message = withBar(asks, why);
      const validate = toValidation(check, columns);
      const answer = await password({ ...at, message, clearOnError: true, validate });
      return unlessAbandoned(answer).trim();
    },
    choose: async ({ asks, why, choices, initial }) => {
      const message = `${asks}\n${dim(why)}`;
      const start = initial === undefined ? {} : { initialValue: initial };
      return unlessAbandoned(await select({ ...at, message, options: [...choices], ...start }));
    },
    chooseSome: async ({ asks, why, choices, initial }) => {
      const question = {
        ...at,
        ...{ message: `${asks}\n${dim(why)}`, options: [...choices] },
        ...{ initialValues: [...initial], required: true },
      };
      return unlessAbandoned(
        choices.length > MOST_ON_ONE_SCREEN
          ? await autocompleteMultiselect({ ...question, maxItems: MOST_ON_ONE_SCREEN })
          : await multiselect(question),
      );
    },
    confirm: async ({ asks, why, initial }) =>
      unlessAbandoned(await confirm({ ...at, message: `${asks}\n${dim(why)}`, initialValue: initial })),
    say: (said, kind = 'news') => {
      const write = { news: log.step, success: log.success, failure: log.error }[kind];
      const lines = said.split('\n').map((line) => wrap(line, columns()));
      write(lines.join('\n'), { output });
    },
  };
}

function toValidation(
  check: AnswerCheck,
  columns: () => number,
): (answer: string | undefined) => Promise<string | undefined> {
  return async (answer = '') => {
    const says = await check(answer.trim());
    return says === null ? undefined : wrap(says, columns()).replaceAll('\n', `\n${' '.repeat(BAR_COLUMNS)}`);
  };
}

function unlessAbandoned<Answer>(answer: Answer | typeof CANCEL_SYMBOL): Answer {
  if (isCancel(answer)) throw new AbandonedError('the questions were ended');
  return answer;
}

/** A question for a text does not draw its bar before the second line. */
function withBar(asks: string, why: string): string {
  return `${asks}\n${styleText('gray', S_BAR)}  ${dim(why)}`;
}

function dim(why: string): string {
  return styleText('dim', why);
}
