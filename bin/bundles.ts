import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Metafile } from 'esbuild';
import { addStacks } from '../lib/chat-report.ts';
import { readDeployment } from '../lib/deployment.ts';
import { deployment } from './accounts.ts';

/** Prints the packages in each function's bundle, the largest first. */

const MOST_PACKAGES = 15;

function describeBundle({ outputs }: Metafile): string {
  const [bundle] = Object.values(outputs).filter(({ entryPoint }) => entryPoint);
  const byPackage = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(bundle?.inputs ?? {})) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'its own';
    byPackage.set(name, (byPackage.get(name) ?? 0) + bytesInOutput);
  }
  const heaviest = [...byPackage].sort(([, left], [, right]) => right - left).slice(0, MOST_PACKAGES);
  return [[bundle?.entryPoint ?? '', bundle?.bytes ?? 0] as const, ...heaviest]
    .map(([name, bytes], line) => `${line === 0 ? '' : '  '}${toKilobytes(bytes)}  ${name}\n`)
    .join('');
}

function toKilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000)} KB`.padStart(8);
}

const outdir = mkdtempSync(join(tmpdir(), 'chat-report-'));
try {
  const read = readDeployment(deployment);
  if ('problems' in read) throw new Error('bin/accounts.ts has mistakes, which npm run diff lists');
  const app = new App({ outdir, context: { metafile: 'true' } });
  addStacks(app, read.deployment);
  app.synth();
  for (const path of globSync('asset.*/index.meta.json', { cwd: outdir })) {
    process.stdout.write(describeBundle(JSON.parse(readFileSync(join(outdir, path), 'utf8'))));
  }
} finally {
  rmSync(outdir, { recursive: true });
}
