import { App } from 'aws-cdk-lib';
import type { SettingProblem } from '../functions/config/settings.ts';
import { addStacks } from '../lib/chat-report.ts';
import { readDeployment } from '../lib/deployment.ts';
import { deployment } from './accounts.ts';

/** The CDK app. `cdk.json` makes `cdk` run it. */
const read = readDeployment(deployment);
const print = (head: string, problems: readonly SettingProblem[]): void => {
  const lines = problems.map(({ of, says }) => `  ${of} ${says}\n`);
  process.stderr.write(`chat-report: ${head} bin/accounts.ts:\n${lines.join('')}`);
};
if ('problems' in read) {
  print('nothing was synthesized; please mend', read.problems);
  process.exitCode = 1;
} else {
  const warnings = read.deployment.accounts.flatMap((account) => account.warnings);
  if (warnings.length > 0) print('please look at', warnings);
  const app = new App();
  addStacks(app, read.deployment);
  app.synth();
}
