import { CONTENT_FORMS } from './content-forms.ts';
import { QUESTION_FORMS } from './question-forms.ts';
import type { FaultForm } from './read-form.ts';
import { WIRE_FORMS } from './wire-forms.ts';

/** In the order of the help: what befalls the wire, how a question is understood, what the account holds. */
export const FORMS: readonly FaultForm[] = [...WIRE_FORMS, ...QUESTION_FORMS, ...CONTENT_FORMS];
