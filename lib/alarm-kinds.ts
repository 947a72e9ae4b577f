import { VENDOR } from '../functions/sources/vendor.ts';

/** An alarm as a person reads it at seven in the morning, on a phone. `<account>` stands for the account's name. */
export interface AlarmKindText {
  /** Critical: people wait for a report, or will wait. Warning: it can wait for the next working day. */
  readonly severity: 'critical' | 'warning';
  readonly meaning: string;
  /** The first two things to do, each a clause or a command. */
  readonly actions: readonly [string, string];
}

const DOCTOR = 'npx chat-report aws <account> doctor';
const WHY = 'npx chat-report aws <account> why --day <day>';
const REPORT = 'npx chat-report aws <account> report --day <day>';
const DEPLOY = 'npm run deploy -- <account>';

/** The kinds of alarms. docs/runbook.md has an entry for each, under its name. */
export const ALARMS = {
  'no-report': {
    severity: 'critical',
    meaning: "Yesterday's report is not there. A run is still at work, or one more run has not made it.",
    actions: [WHY, `wait where a run is at work; else mend what it names, then ${REPORT}`],
  },
  'check-missing': {
    severity: 'critical',
    meaning: 'The check for the report has not run for a day. Its mail says INSUFFICIENT DATA.',
    actions: [`${DOCTOR}: it says whether the schedules are on`, DEPLOY],
  },
  unproven: {
    severity: 'critical',
    meaning:
      'A day could not be proven, and its run tries no more. A notice or a partial report went out before.',
    actions: [WHY, `mend what it names, then ${REPORT}`],
  },
  'run-failed': {
    severity: 'critical',
    meaning: 'A run broke off for a reason that it does not know how to handle.',
    actions: [WHY, `mend what it names, then ${REPORT}`],
  },
  'channel-silent': {
    severity: 'warning',
    meaning: 'A channel that usually has many chats had none, all day or from some hour on.',
    actions: [
      'write to the channel and see whether it reaches the agents',
      `connect the channel again in ${VENDOR}`,
    ],
  },
  banned: {
    severity: 'critical',
    meaning: `${VENDOR} has locked the account out for too many requests. The run goes on after the lockout.`,
    actions: [`${WHY}: it says until when`, 'find who else uses the account at that hour'],
  },
  'token-refused': {
    severity: 'critical',
    meaning: `${VENDOR} refuses the token.`,
    actions: [`make a token in ${VENDOR}, then npx chat-report aws <account> token`, REPORT],
  },
  'secret-unreadable': {
    severity: 'critical',
    meaning: 'The secret of the token cannot be read, or no token was ever stored in it.',
    actions: [
      `${DOCTOR}: it says which of the two`,
      'npx chat-report aws <account> token, or mend the permission',
    ],
  },
  'mail-failed': {
    severity: 'critical',
    meaning: 'A mail could not be handed to SES.',
    actions: [`${DOCTOR}: it asks SES about the sender and the quota`, REPORT],
  },
  'mail-bounced': {
    severity: 'critical',
    meaning: "A recipient's server refused a mail for good.",
    actions: [
      'read the second mail: it has the address and the answer',
      `take the address out of MAIL_TO, then ${DEPLOY}`,
    ],
  },
  'mail-complained': {
    severity: 'warning',
    meaning: 'A recipient has marked a mail as spam, and gets none any more.',
    actions: ['read the second mail: it has the address', 'ask the recipient whether they want the report'],
  },
  'mail-rejected': {
    severity: 'critical',
    meaning: 'SES took a mail and did not send it, because of a virus in it.',
    actions: ['look at the report in the lake', `${REPORT} --resend`],
  },
  'announcement-failed': {
    severity: 'warning',
    meaning: 'A bus or a webhook was not told of a report.',
    actions: [`${WHY}: it says which`, `mend the receiver, then ${REPORT}`],
  },
  'function-failed': {
    severity: 'warning',
    meaning: 'A function ended with an error, or not in time.',
    actions: [DOCTOR, 'read the log of the function'],
  },
  'api-failed': {
    severity: 'warning',
    meaning: 'The API answered with an error of its own.',
    actions: ['read the log of the function api', 'ask for the same again'],
  },
  'near-time-out': {
    severity: 'warning',
    meaning: 'A function took more than four fifths of the time it has.',
    actions: [`${WHY}: it has the time of each step`, 'give the function more memory'],
  },
  'dead-run': {
    severity: 'critical',
    meaning: 'An execution of the workflow failed, ran out of time or was stopped.',
    actions: [WHY, `${REPORT}, then empty the queue that the doctor names`],
  },
  'dead-call': {
    severity: 'critical',
    meaning: 'A schedule could not call its function, or the function failed each time.',
    actions: [DOCTOR, REPORT],
  },
} as const satisfies Record<string, AlarmKindText>;
export type AlarmKind = keyof typeof ALARMS;

/** The text of an alarm in one line. @param link where there is more about it */
export function describeAlarm(kind: AlarmKind, account: string, link: string): string {
  const { severity, meaning, actions } = ALARMS[kind];
  const [first, second] = actions.map((action) => action.replaceAll('<account>', account));
  return `[${severity}] ${account}: ${meaning} 1. ${first}. 2. ${second}. More: ${link}`;
}
