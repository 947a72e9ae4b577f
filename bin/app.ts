import { App } from 'aws-cdk-lib';
import { addStacks } from '../lib/chat-report.ts';
import { readDeployment } from '../lib/deployment.ts';
import { deployment } from './accounts.ts';

/** The CDK app: `cdk` runs it, as `cdk.json` says. */
const read = readDeployment(deployment);
if ('problems' in read) {
  const lines = read.problems.map(({ of, says }) => `  ${of} ${says}`);
  process.stderr.write(
    `chat-report: nothing was synthesized; please mend bin/accounts.ts:\n${lines.join('\n')}\n`,
  );
  process.exitCode = 1;
} else {
  const app = new App();
  addStacks(app, read.deployment);
  app.synth();
}
