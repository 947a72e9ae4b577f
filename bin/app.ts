import { App } from 'aws-cdk-lib';
import type { SettingProblem } from '../functions/config/settings.ts';
import { addStacks } from '../lib/chat-report.ts';
import { readDeployment } from '../lib/deployment.ts';
import { deployment } from './accounts.ts';

/** The CDK app. `cdk.json` makes `cdk` run it. The context `accounts` names those to synthesize, with commas between. */
// It writes nothing unless it is told to, below.
const app = new App({ autoSynth: false });
const asked: unknown = app.node.tryGetContext('accounts');
const read = readDeployment(deployment, typeof asked === 'string' ? asked.split(',') : undefined);
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
  // `cdk` sets both where it has credentials.
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  addStacks(app, read.deployment, account && region ? { env: { account, region } } : {});
  app.synth();
}
