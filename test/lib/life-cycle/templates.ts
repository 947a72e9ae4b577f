import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '../../../lib/deployment.ts';
import { askFor } from '../../setup/assembly-asked.ts';
import { ACCOUNT, REGION } from './cloud.ts';
import type { Template } from './template.ts';

/** A stack of a deployment. */
export interface StackTemplate {
  readonly name: string;
  readonly template: Template;
  readonly isProtected: boolean;
}

/** What CDK makes of a deployment: its stacks, each after those that it needs. */
export async function templatesOf(deployment: Deployment): Promise<StackTemplate[]> {
  const env = { account: ACCOUNT, region: REGION };
  const folder = await askFor({ of: 'templates', deployment, isValidated: false, env });
  const { artifacts } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const sorted = new Set<string>();
  const visit = (name: string): void => {
    for (const other of artifacts[name]?.dependencies ?? []) visit(other);
    if (artifacts[name]?.type === 'aws:cloudformation:stack') sorted.add(name);
  };
  for (const name of Object.keys(artifacts)) visit(name);
  return Promise.all(
    [...sorted].map(async (artifact) => {
      const { templateFile, stackName, terminationProtection } = artifacts[artifact]?.properties ?? {};
      const text = await readFile(join(folder, templateFile ?? ''), 'utf8');
      const name = stackName ?? artifact;
      return { name, template: JSON.parse(text), isProtected: terminationProtection ?? false };
    }),
  );
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly dependencies?: readonly string[];
        readonly properties?: {
          readonly templateFile?: string;
          readonly stackName?: string;
          readonly terminationProtection?: boolean;
        };
      }
    >
  >;
}
