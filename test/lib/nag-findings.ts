import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdk from '../../cdk.json' with { type: 'json' };
import { addStacks } from '../../lib/chat-report.ts';
import type { Deployment } from '../../lib/deployment.ts';
import type { NagFindings } from '../setup/assembly-asked.ts';
import { checked, deployment, everythingOff, everythingOn } from './deployments.ts';

interface PluginReport {
  readonly pluginName: string;
  readonly violations: readonly { readonly ruleName: string }[];
}

/** What cdk-nag finds: in deployments as they are, with a bucket that breaks rules, and without our answers. */
export function findByNag(top: string): NagFindings {
  return {
    asItIs: [deployment, everythingOn, everythingOff].flatMap((of) => analyse(top, of)),
    careless: analyse(top, everythingOff, ({ shared }) => new Bucket(shared, 'Careless')),
    unanswered: withoutAnswers(() => analyse(top, deployment)),
  };
}

/** What cdk-nag finds by the rules that AWS gives its own solutions. */
function analyse(
  top: string,
  of: Deployment,
  change: (stacks: ReturnType<typeof addStacks>) => void = () => {},
): readonly string[] {
  const app = new App({
    outdir: mkdtempSync(join(top, 'nag-')),
    context: { ...cdk.context, 'aws:cdk:bundling-stacks': [] },
    // CDK's own rules, which take seconds, look at the same templates where the other suites have them synthesized.
    builtinCloudFormationValidation: false,
  });
  change(addStacks(app, checked(of)));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch {
    // It throws where there are findings; they are in the report.
  }
  const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  const violations = pluginReports
    .filter(({ pluginName }: PluginReport) => pluginName === 'AwsSolutions')
    .flatMap(({ violations }: PluginReport) => violations.map(({ ruleName }) => ruleName));
  return [...new Set<string>(violations)].toSorted();
}

function withoutAnswers<Result>(act: () => Result): Result {
  const { acknowledge } = Validations.prototype;
  Validations.prototype.acknowledge = () => {};
  try {
    return act();
  } finally {
    Validations.prototype.acknowledge = acknowledge;
  }
}
