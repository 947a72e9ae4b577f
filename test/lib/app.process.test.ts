import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { askFor } from '../setup/assembly-asked.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { bareNode } from './bare-node.ts';
import { everythingOff, everythingOn } from './deployments.ts';
import { ofType, toText } from './synthesize.ts';

const top = join(import.meta.dirname, '../..');

const { ended: synthesized, out } = await askFor({ of: 'command-line' });

/** What cfn-lint says of templates; null where there is none. */
async function lint(templates: readonly string[]): Promise<{ code: number; said: string } | null> {
  try {
    const args = ['--non-zero-exit-code', 'error', ...templates];
    const { stdout, stderr } = await promisify(execFile)('cfn-lint', args);
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number | string; stdout: string; stderr: string };
    // A shell's number for a command that is not there, as the shims of version managers give it.
    return code === 'ENOENT' || code === 127 ? null : { code: Number(code), said: stdout + stderr };
  }
}

describe('the app', () => {
  test('is made of templates by the CDK command line alone, and nothing is found in them', () => {
    expect(synthesized.code, synthesized.stderr).toBe(0);
    const templates = globSync('*.template.json', { cwd: out }).toSorted();
    expect(templates).toEqual(
      ['demo-analytics', 'demo-service', 'demo-state', 'shared'].map(
        (name) => `chat-report-${name}.template.json`,
      ),
    );
    expect(JSON.parse(readFileSync(join(out, 'validation-report.json'), 'utf8')).pluginReports).toEqual([]);
  });

  test('has bundles that load with nothing around them, which is what Lambda gets', async () => {
    const bundles = globSync('asset.*/index.mjs', { cwd: out });
    expect(bundles).toHaveLength(4);
    await Promise.all(
      bundles.map(async (bundle) => {
        const load = `import(${JSON.stringify(join(out, bundle))}).then(({ handler }) => console.log(typeof handler))`;
        const { stdout, stderr } = await bareNode(['--eval', load], out, { AWS_REGION: 'eu-west-1' });
        expect(stdout, stderr).toBe('function\n');
      }),
    );
  });

  test('has templates that are what CloudFormation takes', async ({ skip }) => {
    const folders = await Promise.all(
      [everythingOn, everythingOff].map((deployment) =>
        askFor({ of: 'templates', deployment, isValidated: true }),
      ),
    );
    const templates = [out, ...folders].flatMap((folder) => globSync(join(folder, '*.template.json')));
    expect(templates).toHaveLength(12);
    const linted = await lint(templates);
    skip(linted === null, 'cfn-lint is not installed');
    expect(linted).toEqual({ code: 0, said: expect.anything() });
  });

  test('gives each role the permissions boundary that docs/deploy.md puts into cdk.json', async () => {
    const guide = readFileSync(join(top, 'docs/deploy.md'), 'utf8');
    const [, line = ''] = /^ *("@aws-cdk\/core:permissionsBoundary": .+)$/m.exec(guide) ?? [];
    const context = JSON.parse(`{${line.replace('<policy>', 'ours')}}`);
    const folder = await askFor({ of: 'templates', deployment: everythingOff, isValidated: false, context });
    const template = readFileSync(join(folder, 'chat-report-demo-service.template.json'), 'utf8');
    const roles = ofType(JSON.parse(template).Resources, 'AWS::IAM::Role').map(
      ([, { Properties }]) => Properties,
    );
    expect(roles.length).toBeGreaterThan(4);
    for (const { PermissionsBoundary } of roles)
      expect(toText(PermissionsBoundary)).toMatch(/:policy\/ours$/);
  });

  test('says what is wrong with a deployment, each in a line, and makes nothing', async () => {
    const folder = await temporaryFolder();
    for (const name of ['lib', 'functions', 'node_modules', 'package.json']) {
      symlinkSync(join(top, name), join(folder, name));
    }
    mkdirSync(join(folder, 'bin'));
    cpSync(join(top, 'bin/app.ts'), join(folder, 'bin/app.ts'));
    const accounts = readFileSync(join(top, 'bin/accounts.ts'), 'utf8');
    const wrong = accounts.replace("'07:00'", "'05:00'").replace('MAIL_TO', 'MAIL_TOO');
    writeFileSync(join(folder, 'bin/accounts.ts'), wrong);
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await bareNode(['bin/app.ts'], folder, { CDK_OUTDIR: out });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      'chat-report: nothing was synthesized; please mend bin/accounts.ts:',
      '  demo: reportBy is 05:00, and not 15 minutes or more after reportAt, 06:00',
      '  demo: MAIL_TOO is no setting; write MAIL_TO',
      '  demo: MAIL_TO is not set; it is who gets the report',
      '',
    ]);
    expect(globSync('*', { cwd: out })).toEqual([]);
  });
});
