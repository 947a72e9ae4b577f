import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdk from '../../cdk.json' with { type: 'json' };
import { addStacks } from '../../lib/chat-report.ts';
import { checked } from '../lib/deployments.ts';
import type { Answers, Asked } from './assembly-asked.ts';

/**
 * A process that synthesizes what it is sent, one after the other, until its parent is gone. One for all, because CDK
 * and the engine of its rules take seconds to load. A process, because CDK blocks the thread that it runs in.
 */
const [, , top = ''] = process.argv;

async function make(asked: Asked): Promise<Answers[Asked['of']]> {
  if (asked.of === 'templates') return synthesize(asked);
  const { findByNag } = await import('../lib/nag-findings.ts');
  return findByNag(top);
}

/** As `cdk` would, without bundling. */
function synthesize({ deployment, isValidated, env, context }: Extract<Asked, { of: 'templates' }>): string {
  const app = new App({
    outdir: mkdtempSync(join(top, 'app-')),
    context: { ...cdk.context, ...context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: isValidated,
  });
  addStacks(app, checked(deployment), env === undefined ? {} : { env });
  try {
    return app.synth().directory;
  } catch (error) {
    // Its message only names this file, which is gone by the time that a person could open it.
    const report = join(app.outdir, 'validation-report.json');
    throw existsSync(report) ? new Error(readFileSync(report, 'utf8'), { cause: error }) : error;
  }
}

process.on('message', async ({ id, asked }: { id: number; asked: Asked }) => {
  try {
    process.send?.({ id, made: await make(asked) });
  } catch (error) {
    process.send?.({ id, problem: String(error) });
  }
});
