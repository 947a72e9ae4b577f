import { CONTENT_FORMS } from './content-forms.ts';
import { QUESTION_FORMS } from './question-forms.ts';
import type { FaultForm } from './read-form.ts';
import { WIRE_FORMS } from './wire-forms.ts';

/** In the order of the help: faults of requests and answers, of parameters, and of the content. */
export const FORMS: readonly FaultForm[] = [...WIRE_FORMS, ...QUESTION_FORMS, ...CONTENT_FORMS];
