import { execFile, spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const top = join(import.meta.dirname, '../..');
const hasLint = spawnSync('cfn-lint', ['--version']).status === 0;
const lintTitle = hasLint ? 'are what CloudFormation takes' : 'are not looked at: cfn-lint is not installed';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without credentials, a Region, Docker, or anything that somebody has set up. */
async function node(args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: cwd,
    CDK_DOCKER: '/bin/false',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, args, { cwd, env })) };
  } catch (error) {
    return error as Ended;
  }
}

describe('the app', () => {
  const out = mkdtempSync(join(tmpdir(), 'chat-report-cdk-'));
  let synthesized: Ended;
  beforeAll(async () => {
    const command = join(top, 'node_modules/aws-cdk/bin/cdk');
    synthesized = await node([command, 'synth', '--quiet', '--no-notices', '--output', out], top, {
      HOME: out,
    });
  }, 120_000);
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  test('is made of templates by the CDK command line alone, and nothing is found in them', () => {
    expect(synthesized.code, synthesized.stderr).toBe(0);
    const templates = globSync('*.template.json', { cwd: out }).toSorted();
    expect(templates).toEqual(
      ['ChatReport', 'ChatReportAnalytics', 'ChatReportState'].map((name) => `${name}.template.json`),
    );
    expect(JSON.parse(readFileSync(join(out, 'validation-report.json'), 'utf8')).pluginReports).toEqual([]);
  });

  test('has bundles that load with nothing around them, which is what Lambda gets', async () => {
    const bundles = globSync('asset.*/index.mjs', { cwd: out });
    expect(bundles).toHaveLength(4);
    for (const bundle of bundles) {
      const load = `import(${JSON.stringify(join(out, bundle))}).then(({ handler }) => console.log(typeof handler))`;
      const { stdout, stderr } = await node(['--eval', load], out, { AWS_REGION: 'eu-west-1' });
      expect(stdout, stderr).toBe('function\n');
    }
  });

  test.skipIf(!hasLint)(`has templates that ${lintTitle}`, () => {
    const templates = globSync('*.template.json', { cwd: out }).map((name) => join(out, name));
    expect(templates).toHaveLength(3);
    const lint = spawnSync('cfn-lint', ['--non-zero-exit-code', 'error', ...templates], { encoding: 'utf8' });
    expect(lint.status, lint.stdout + lint.stderr).toBe(0);
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
    const { code, stdout, stderr } = await node(['bin/app.ts'], folder, { CDK_OUTDIR: out });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      'chat-report: nothing was synthesized; please mend bin/accounts.ts:',
      '  demo: reportBy is 05:00, and not 15 minutes or more after reportAt, 06:00',
      '  demo: MAIL_TOO is no setting; see docs/settings.md',
      '  demo: MAIL_TO is not set; it is who gets the report',
      '',
    ]);
    expect(globSync('*', { cwd: out })).toEqual([]);
  });
});
