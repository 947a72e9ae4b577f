import type { Finding } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import type { AccountOnAws } from './account-on-aws.ts';
import { examineAlarms } from './doctor-alarms.ts';
import { examineDeployment } from './doctor-deployment.ts';
import { examineMail } from './doctor-mail.ts';
import { examineRuns } from './doctor-runs.ts';
import { examineSecrets } from './doctor-secrets.ts';

/** Each subject, in the order in which it matters. */
const SUBJECTS = [examineDeployment, examineSecrets, examineMail, examineAlarms, examineRuns];

/** Examines an account as it is deployed. All is asked at the same time, and nothing is changed. It knows no terminal. */
export async function* examineAccount(account: AccountOnAws): AsyncGenerator<Finding> {
  for (const findings of SUBJECTS.map((examine) => examine(account))) yield* await findings;
}
