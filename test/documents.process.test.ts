import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EVERYWHERE } from './aws-commands.ts';
import { readDocumentedCommands, SYSTEM_PROGRAMS } from './documented-commands.ts';
import { temporaryFolder } from './temporary-folder.ts';

const documented = readDocumentedCommands().map(({ command }) => command);

/** Prints what the AWS CLI itself knows of services and of its own commands. */
const ASK_THE_CLI = `
import json, sys
import botocore.session
from botocore import xform_name
from awscli.customizations.s3.subcommands import CpCommand

def flags(model):
    members = model.input_shape.members if model.input_shape else {}
    return [xform_name(name, "-") for name in members]

def operations(service):
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name, "-"): flags(model.operation_model(name)) for name in model.operation_names}

services = {service: operations(service) for service in json.loads(sys.argv[1])}
print(json.dumps({**services, "s3": {CpCommand.NAME: []}}))
`;

function run(program: string, args: readonly string[], cwd?: string) {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    ...(cwd !== undefined && { cwd }),
  });
  return { status, stdout };
}

describe('a command in the documents', () => {
  const ofAws = documented.filter(([program]) => program === 'aws');
  const services = [...new Set(ofAws.flatMap(([, service]) => service ?? []))].filter((one) => one !== 's3');
  const asked = run('python3', ['-c', ASK_THE_CLI, JSON.stringify(services)]);
  const hasCli = asked.status === 0;

  test.skipIf(!hasCli)('for AWS is what the AWS CLI itself knows', () => {
    const known = JSON.parse(asked.stdout) as Record<string, Record<string, string[]>>;
    for (const [, service = '', operation = '', ...rest] of ofAws) {
      const flags = known[service]?.[operation];
      expect(flags, `${service} ${operation}`).toBeDefined();
      const used = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
      const all = [...(flags ?? []), ...EVERYWHERE];
      expect(used.filter((flag) => !(all.includes(flag) || all.includes(flag.replace(/^no-/, ''))))).toEqual(
        [],
      );
    }
  });

  const curl = run('curl', ['--help', 'all']);

  test.skipIf(curl.status !== 0)('for curl has only options that curl has', () => {
    const known = [...curl.stdout.matchAll(/(?<= )--[\w-]+/g)].map(([option]) => option);
    const used = documented.filter(([program]) => program === 'curl').flat();
    const options = used.filter((word) => word.startsWith('--'));
    expect(options.length).toBeGreaterThan(5);
    expect(options.filter((option) => !known.includes(option))).toEqual([]);
  });

  const others = documented.filter(([program = '']) => SYSTEM_PROGRAMS.includes(program));

  test('for another program of the system is one that it does', async () => {
    expect(others.length).toBeGreaterThan(3);
    for (const [program = '', ...args] of others) {
      const folder = await temporaryFolder();
      for (const path of ['out/lake/raw', 'out/outbox']) mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(join(folder, 'out/lake/raw/page-0001.json.gz'), gzipSync('{}'));
      const { status } = run(program, args, folder);
      // 1 is what `test` and `find` end with where nothing is found. Null: the program is not here.
      expect([0, 1, null], [program, ...args].join(' ')).toContain(status);
    }
  });
});
