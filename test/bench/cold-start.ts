import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { deployment } from '../../bin/accounts.ts';
import { addStacks } from '../../lib/chat-report.ts';
import { checked } from '../lib/deployments.ts';
import type { ColdStart } from './measured.ts';

/**
 * How much CPU a function on AWS takes to load: user and system time of a process of its own, above one that loads an empty
 * handler. `node test/bench/cold-start.ts` prints it. Machines differ, so it asserts nothing.
 */

const TIMES = 9;

/** What Lambda does before the first event: it imports the handler. */
const LOAD = `
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage();
  process.stdout.write(String((user + system) / 1_000));`;

interface Built {
  readonly bundle: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface LambdaResource {
  readonly Type: string;
  readonly Properties: {
    readonly FunctionName: string;
    readonly Code: { readonly S3Key: string };
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  };
}

/** Builds the functions as a deployment does, and loads each several times in turn. */
export async function measureColdStarts(): Promise<readonly ColdStart[]> {
  const outdir = mkdtempSync(join(tmpdir(), 'chat-report-cold-'));
  try {
    const empty = join(outdir, 'empty.mjs');
    writeFileSync(empty, 'export const handler = async () => {};\n');
    const all = buildFunctions(outdir).map((built) => ({
      ...built,
      taken: [] as number[],
      empty: [] as number[],
    }));
    for (let time = 0; time < TIMES; time += 1) {
      for (const { folder, environment, taken, empty: none } of all) {
        none.push(load(empty, environment));
        taken.push(load(join(folder, 'index.mjs'), environment));
      }
    }
    return all.map(({ bundle, folder, taken, empty: none }) => ({
      bundle,
      overEmptyMs: median(taken) - median(none),
      bytes: sizeOf(folder),
    }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function buildFunctions(outdir: string): Built[] {
  const app = new App({ outdir });
  addStacks(app, checked(deployment));
  app.synth();
  const resources = globSync('*.template.json', { cwd: outdir }).flatMap((file) =>
    Object.values<LambdaResource>(JSON.parse(readFileSync(join(outdir, file), 'utf8')).Resources),
  );
  const found = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return found.map(({ Properties: { FunctionName, Code, Environment } }) => ({
    bundle: FunctionName.slice(FunctionName.lastIndexOf('-') + 1),
    folder: join(outdir, `asset.${Code.S3Key.replace('.zip', '')}`),
    // What CloudFormation fills in is read at the first event only.
    environment: Object.fromEntries(
      Object.entries(Environment.Variables).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : 'of-the-stack',
      ]),
    ),
  }));
}

/** @returns milliseconds of CPU */
function load(file: string, env: Readonly<Record<string, string>>): number {
  const args = ['--input-type=module', '--eval', LOAD, pathToFileURL(file).href];
  return Number(execFileSync(process.execPath, args, { env, encoding: 'utf8' }));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function sizeOf(folder: string): number {
  const files = globSync('*.mjs', { cwd: folder });
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

if (process.argv[1] === import.meta.filename) {
  for (const { bundle, overEmptyMs, bytes } of await measureColdStarts()) {
    const [ms, kilobytes] = [overEmptyMs, bytes / 1_000].map((value) => String(Math.round(value)));
    process.stdout.write(`${bundle.padEnd(10)}${ms?.padStart(5)} ms${kilobytes?.padStart(7)} KB\n`);
  }
}
