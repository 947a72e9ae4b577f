import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Metafile } from 'esbuild';
import { addStacks } from '../lib/chat-report.ts';
import { readDeployment } from '../lib/deployment.ts';
import { deployment } from './accounts.ts';

/**
 * Prints what is in each function's bundle: all of it, what of it loads before the first event, and of that the packages, the
 * largest first.
 */

const MOST_PACKAGES = 15;

type Output = Metafile['outputs'][string];

function describeBundle({ outputs }: Metafile): string {
  const code = Object.entries(outputs).filter(([path]) => path.endsWith('.mjs'));
  const files = code.map(([, file]) => file);
  const entry = outputs['index.mjs'];
  const atStart = entry === undefined ? [] : [...loadedWith(entry, outputs)];
  const byPackage = new Map<string, number>();
  for (const [path, { bytesInOutput }] of atStart.flatMap(({ inputs }) => Object.entries(inputs))) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'its own';
    byPackage.set(name, (byPackage.get(name) ?? 0) + bytesInOutput);
  }
  const heaviest = [...byPackage].sort(([, left], [, right]) => right - left).slice(0, MOST_PACKAGES);
  const lines = [
    [entry?.entryPoint ?? '', sizeOf(files)] as const,
    ['  at its start', sizeOf(atStart)] as const,
    ...heaviest.map(([name, bytes]) => [`    ${name}`, bytes] as const),
  ];
  return lines.map(([name, bytes]) => `${toKilobytes(bytes)}  ${name}\n`).join('');
}

/** The file and all that it imports at once. A file that is imported later is none of them. */
function loadedWith(file: Output, outputs: Metafile['outputs'], seen = new Set<Output>()): Set<Output> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path, kind } of file.imports) {
    const next = outputs[path];
    if (next !== undefined && kind === 'import-statement') loadedWith(next, outputs, seen);
  }
  return seen;
}

function sizeOf(files: readonly Output[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
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
